"""The project's commands: ``nox -s docs``, ``tests``, ``lint`` or ``bench``."""

import os
import subprocess
import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["docs", "tests", "lint"]

SITE = Path("docs", "_build", "html")
groups = nox.project.dependency_groups
project = nox.project.load_toml("pyproject.toml")


def install(session: nox.Session, *wanted: str) -> None:
    """Install the package and what else is wanted, unless the session's environment has it."""
    note = Path(session.virtualenv.location, "installed")
    content = "\n".join([Path("pyproject.toml").read_text(), str(Path.cwd()), *wanted])
    if not note.exists() or note.read_text() != content:
        session.install("-e", ".", *wanted)
        note.write_text(content)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site; figures that are current are not drawn again."""
    install(session, *groups(project, "docs"))
    cache = SITE.with_name("doctrees")
    session.run("sphinx-build", "-W", "--keep-going", "-d", cache, "docs", SITE, *session.posargs)
    session.log(f"The site is in {SITE.resolve()}: open {(SITE / 'index.html').resolve().as_uri()}")


def runs(python: str) -> bool:
    """Tell whether a Python is installed; a version manager's name for one may not be."""
    try:
        return not subprocess.run([python, "--version"], capture_output=True).returncode
    except OSError:
        return False


# pyenv keeps the Pythons that are not in use off the path.
pyenv = sorted(str(folder) for folder in Path.home().glob(".pyenv/versions/3.1[1-4].*/bin"))
os.environ["PATH"] = os.pathsep.join([*pyenv, os.environ["PATH"]])
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHONS = [v for v in ("3.11", "3.12", "3.13", "3.14") if v == HERE or runs(f"python{v}")]
# The oldest NumPy and SciPy that the package allows have no wheels for later ones.
OLDEST = [v for v in PYTHONS if v in ("3.11", "3.12")][:1]


@nox.session(python=PYTHONS, requires=["docs"])
def tests(session: nox.Session) -> None:
    """Test the package on each Python there is, and the built site in a browser on this one."""
    if session.python == HERE:
        install(session, *groups(project, "docs", "tests"))
        session.run("pytest", *session.posargs)
        for python in OLDEST:
            session.notify(f"oldest-{python}")
    else:
        install(session, *groups(project, "tests"))
        session.run("pytest", "--ignore=tests/site", *session.posargs)


@nox.session(python=OLDEST)
def oldest(session: nox.Session) -> None:
    """Test the package with the oldest libraries that it allows."""
    pins = [bound.replace(">=", "==") for bound in project["project"]["dependencies"]]
    # What they were made for: with a later pyparsing the oldest Matplotlib warns.
    install(session, *pins, "pyparsing<3.2", *groups(project, "tests"))
    session.run("pytest", "--ignore=tests/site", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which branches of the package the tests take."""
    install(session, *groups(project, "tests"))
    session.run("pytest", "--ignore=tests/site", "--cov", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change planes, descent and critical points in many small ways; the tests should notice."""
    install(session, "mutmut>=3.8", *groups(project, "tests"))
    copy = session.create_tmp()
    for name in ("src", "tests", "pyproject.toml", "README.md", "LICENSE"):
        session.run("cp", "-r", name, copy, external=True)
    session.chdir(copy)
    # On one thread: a process that is forked between threads may wait for ever.
    session.run("mutmut", "run", *session.posargs, env={"OPENBLAS_NUM_THREADS": "1"})
    session.run("mutmut", "results")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    install(session, *groups(project, "docs", "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the article's way and this package's, and renew the method page's table."""
    install(session)
    session.run("python", "benchmarks/bench.py", *session.posargs)
