"""A service whose certificate does not prove who it is hears not a word from us."""

import socket
import ssl
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.errors import SourceError
from integrations.http import Http
from integrations.sockets import trusted
from tests.integrations.given import Given

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
WRONG = {
    "of nobody we know": {"known": False},
    "of another host": {"host": "10.11.12.13"},
    "of last year": {"days": (-400, -35)},
    "of next year": {"days": (35, 400)},
}


class Authority:
    """Signs certificates; it is trusted if the system is told so."""

    def __init__(self, folder):
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test authority")])
        made = self._made(self.name, self.key, (-1, 30))
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._signed(made))

    def certificate(self, *, host="127.0.0.1", days=(-1, 30)):
        """Return a file with a certificate for a host, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Desk")])
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        made = self._made(named, key, days).add_extension(alternative, critical=False)
        file = self.folder / "desk.pem"
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file.write_bytes(self._signed(made) + secret)
        return file

    def _made(self, subject, key, days):
        now = datetime.now(UTC)
        begins, ends = (now + timedelta(days=day) for day in days)
        made = x509.CertificateBuilder(issuer_name=self.name, subject_name=subject)
        made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
        return made.not_valid_before(begins).not_valid_after(ends)

    def _signed(self, made):
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@contextmanager
def speaking_tls(certificate):
    """Serve with a certificate; yields the port and everything that was heard."""
    context, heard = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    context.load_cert_chain(certificate)

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as safe:
                    heard.append(safe.recv(65536))
                    safe.sendall(ANSWER)
            except OSError:
                heard.append(b"")

    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(20)


def asked(certificate):
    """Ask a service that shows a certificate; returns our complaint and what it heard."""
    with speaking_tls(certificate) as (port, heard):
        around = Given(f"127.0.0.1:{port}").around
        base = f"https://127.0.0.1:{port}"
        with closing(Http(base, around=around, name="Desk", tries=1)) as client:
            try:
                client.get("/x", headers={"Authorization": "Bearer secret"})
            except SourceError as complaint:
                return str(complaint), heard
    return None, heard


@pytest.fixture
def authority(tmp_path, monkeypatch):
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    trusted.cache_clear()
    yield made
    trusted.cache_clear()


def test_a_certificate_of_a_trusted_authority_is_taken(authority):
    complaint, heard = asked(authority.certificate())
    assert complaint is None
    assert b"Bearer secret" in heard[0]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_certificate_that_proves_nothing_is_refused_before_a_word(
    authority, monkeypatch, tmp_path, wrong
):
    about = dict(WRONG[wrong])
    if not about.pop("known", True):
        monkeypatch.delenv("SSL_CERT_FILE")
        trusted.cache_clear()
    complaint, heard = asked(authority.certificate(**about))
    assert complaint and "its certificate is not trusted" in complaint
    assert b"".join(heard) == b""
