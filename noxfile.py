"""The project's commands; CONTRIBUTING.md says how long each takes."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|venv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
nox.options.sessions = ["docs", "tests", "lint"]

project = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(project)
SITE = Path("docs", "_build", "html")
SPHINX = ("-d", SITE.with_name("doctrees"), "docs", SITE)
PYTEST = ("pytest", "-n", "auto", "--dist", "worksteal")
PACKAGE = (*PYTEST, "--ignore=tests/site")


def install(session: nox.Session, *groups: str, also: Sequence[str] = ()) -> None:
    """Install the package, and the groups of pyproject.toml that a session needs."""
    compiled = {"UV_COMPILE_BYTECODE": "1"}  # once, not by each of the many processes of a session
    session.install(
        "-e", ".", *nox.project.dependency_groups(project, *groups), *also, env=compiled
    )


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site; figures that are current are not drawn again."""
    install(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "-E", "-a", *SPHINX)
    session.log(f"Open {(SITE / 'index.html').resolve().as_uri()}")


@nox.session
def live(session: nox.Session) -> None:
    """Build and serve the site, and do so again whenever a file is saved."""
    install(session, "docs", "live")
    made = r"docs.gallery|_build|__pycache__|\.gif$"  # by the build itself
    watched = ("--watch", "gallery", "--watch", "src", "--re-ignore", made)
    session.run("sphinx-autobuild", *watched, *SPHINX, *session.posargs)


@nox.session(requires=["docs"])
def tests(session: nox.Session) -> None:
    """Test the package, and every page of the site in a browser."""
    install(session, "docs", "tests")
    session.run(*PYTEST, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types, those of the site's scripts too."""
    install(session, "docs", "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    tsc = ("npx", "--yes", "--package=typescript@5.9.3", "tsc")
    session.run(*tsc, "--project", "docs/_static/jsconfig.json")


@nox.session(name="format")
def format_(session: nox.Session) -> None:
    """Mend what can be mended by itself: layout, imports, and the simpler findings of lint."""
    install(session, "lint")
    session.run("ruff", "check", "--fix")
    session.run("ruff", "format")


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure which branches of the package its tests take."""
    install(session, "tests")
    session.run(*PACKAGE, "--cov", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Compare with the article's way and other packages, and renew the tables of the site."""
    install(session, "docs", "peers")
    session.run("python", "benchmarks/bench.py", *session.posargs)
    session.run("python", "benchmarks/figure_times.py")


@nox.session(python=PYTHONS)
def pythons(session: nox.Session) -> None:
    """Test the package on each Python that is installed."""
    install(session, "tests")
    session.run(*PACKAGE, *session.posargs)


@nox.session(python=PYTHONS[0])
def oldest(session: nox.Session) -> None:
    """Test the package with the oldest libraries that it allows."""
    pins = [bound.replace(">=", "==") for bound in project["project"]["dependencies"]]
    # What they were made for: with a later pyparsing the oldest Matplotlib warns.
    install(session, "tests", also=[*pins, "pyparsing<3.2"])
    session.run(*PACKAGE, *session.posargs)


@nox.session(requires=["docs"])
def downloads(session: nox.Session) -> None:
    """Run every script and every notebook of the archive in a new environment."""
    install(session, "tests")
    session.run("pytest", "-m", "slow", "tests/site/test_downloads.py", *session.posargs)


@nox.session
def interruptions(session: nox.Session) -> None:
    """Kill or interrupt each kind of work fifty times; it goes on as if nothing had happened."""
    install(session, "tests")
    session.run(*PACKAGE, "-k", "killed or interrupted", "--kills", "50", *session.posargs)


@nox.session
def properties(session: nox.Session) -> None:
    """Try 5,000 examples of every property on every kind of plane."""
    install(session, "tests")
    session.run(*PYTEST, "tests/properties", "--hypothesis-profile=long", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Change planes, descent and critical points in many small ways; the tests should notice."""
    install(session, "tests", "mutants")
    copy = Path(session.create_tmp())
    shutil.copytree(".", copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "docs"))
    session.chdir(copy)
    # On one thread: a process that is forked between threads may wait for ever.
    session.run("mutmut", "run", *session.posargs, env={"OPENBLAS_NUM_THREADS": "1"})
    session.run("mutmut", "results")


@nox.session(venv_backend="none")
def everything(session: nox.Session) -> None:
    """Run all checks, the slow ones too: hours."""
    pythons = [f"pythons-{python}" for python in PYTHONS]
    slow = ["oldest", "downloads", "interruptions", "properties", "mutants"]
    for name in ["docs", "tests", "lint", "coverage", *pythons, *slow]:
        session.notify(name)
