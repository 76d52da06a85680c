// Put the chosen theme on before anything is painted; without a choice the system decides.
try {
  // What was just saved for the person goes before what this browser remembers.
  if ("chosen" in document.documentElement.dataset) {
    for (const name of ["theme", "keys"]) localStorage.removeItem(name);
  }
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be closed to us; the system's theme is good */ }
