"""The project's commands: ``nox -s docs``, ``tests``, ``lint`` or ``bench``."""

from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["docs", "tests", "lint"]

SITE = Path("docs", "_build", "html")
groups = nox.project.dependency_groups
project = nox.project.load_toml("pyproject.toml")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site; figures that are current are not drawn again."""
    session.install("-e", ".", *groups(project, "docs"))
    cache = SITE.with_name("doctrees")
    session.run("sphinx-build", "-W", "--keep-going", "-d", cache, "docs", SITE, *session.posargs)
    session.log(f"The site is in {SITE.resolve()}: open {(SITE / 'index.html').resolve().as_uri()}")


@nox.session(requires=["docs"])
def tests(session: nox.Session) -> None:
    """Test the package, its examples, and the built site in a browser."""
    session.install("-e", ".", *groups(project, "docs", "tests"))
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    session.install("-e", ".", *groups(project, "docs", "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the article's way and this package's, and renew the method page's table."""
    session.install("-e", ".")
    session.run("python", "benchmarks/bench.py", *session.posargs)
