"""Faithful stand-ins for the systems the connectors read, served over real HTTP.

Each entry starts one: it takes the keywords of `starting.Options` and gives the application and
the options, by name, that a source needs to read it (its address is up to whoever serves it).
"""

from integrations.simulators.starting import github, zendesk

SIMULATORS = {"zendesk": zendesk, "github": github}
