"""Settings of the site."""

import os
import subprocess
import sys
from importlib.metadata import metadata
from pathlib import Path

from sphinx_gallery.sorting import ExplicitOrder

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

PARTS = ["article", "closer_look", "your_own"]

# The figures of the three galleries, in reading order.
READING_ORDER = [
    "architecture",
    "sample_sizes",
    "surface_features",
    "descent_3d",
    "descent_contour",
    "seeds_500",
    "seeds_1000",
    "discrepancies",
    "minimum",
    "sample_size_rate",
    "basins",
    "optimizers",
    "hundred_seeds",
    "four_planes",
    "all_directions",
    "depth_shortcuts",
    "scikit_learn_classifier",
    "regression",
    "other_loss",
    "training_from_above",
    "other_data",
]

# The address at which the site is published, with a slash at its end.
html_baseurl = os.environ.get("SITE_ADDRESS", "")

# The address of the repository, without one at its end: where readers find code and issues.
repository = os.environ.get("REPOSITORY_ADDRESS", "")


def git(*arguments: str) -> str:
    """Return what git says of the checkout, or nothing where there is none."""
    try:
        return subprocess.run(
            ["git", *arguments], cwd=HERE, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


# Two builds of one commit give the same bytes: what is dated bears the commit's date.
os.environ.setdefault("SOURCE_DATE_EPOCH", git("log", "-1", "--format=%ct") or "0")

package = metadata("landscape-core")
project = "Loss landscapes"
author = "The landscape-core contributors"
version = release = package["Version"]
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
    "site_build",
]
exclude_patterns = ["_build", "benchmark"]
templates_path = ["_templates"]
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!landscape_core).*")]  # other projects are not linked

myst_enable_extensions = [
    *("amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath", "substitution")
]
myst_substitutions = {"repository": f"[repository]({repository})" if repository else "repository"}
myst_heading_anchors = 3

autodoc_typehints = "none"  # the docstrings name the types
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False

sphinx_gallery_conf = {
    "examples_dirs": [f"../gallery/{part}" for part in PARTS],
    "gallery_dirs": [f"gallery/{part}" for part in PARTS],
    "filename_pattern": r"\.py",
    "within_subsection_order": ExplicitOrder([*(f"{name}.py" for name in READING_ORDER), "*"]),
    "image_scrapers": ("site_build.scraper.scrape",),
    "capture_repr": (),
    "reset_modules": ("matplotlib", "site_build.kept_results.keep_results"),
    "parallel": 2,
    "backreferences_dir": "gallery/backreferences",
    "doc_module": ("landscape_core",),
    "css": (),
    "show_signature": False,
    "write_computation_times": False,
    "min_reported_time": 1e9,
}

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_favicon = "_static/favicon.svg"
html_css_files = ["site.css"]
html_js_files = ["gif.js", "player.js", "regions.js", "turn.js", "unfold.js"]
html_math_renderer = "mathml"
html_use_index = False
html_domain_indices = False
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_context = {
    "commit": git("describe", "--always", "--dirty", "--exclude=*"),
    "repository": repository,
}
html_theme_options = {"top_of_page_buttons": []}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
