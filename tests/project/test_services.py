"""The files for services and tools can be read, and every command in them exists."""

import json
import os
import re

import pytest
import yaml

from helpers.plumbing import ROOT

from .commands import fault

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def read(path):
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def steps(job):
    """The commands of a job, once for each setting of its matrix."""
    settings = job.get("strategy", {}).get("matrix", {}).get("setting", [""])
    for setting in settings:
        for step in job["steps"]:
            for line in step.get("run", "").splitlines():
                yield line.replace("${{ matrix.setting }}", setting)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_what_there_is(path):
    workflow = read(path)
    for name, job in workflow["jobs"].items():
        given = list(steps(job))
        assert given, name
        for command in given:
            assert "${{" not in command, command
            if command == ".ci/run":
                assert (ROOT / command).is_file()
                assert os.name == "nt" or os.access(ROOT / command, os.X_OK)
            else:
                assert fault(command) is None, command
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in workflow[True]  # YAML reads `on` as True


def test_every_system_runs_the_two_commands():
    jobs = read(".github/workflows/proof.yml")["jobs"]
    assert list(steps(jobs["linux"])) == [".ci/run"]
    assert list(steps(jobs["macos"])) == ["make run OFFLINE=1", "make test"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in list(steps(jobs["windows"]))[1:]:
        assert f"`{command.removesuffix(' --offline')}`" in readme
    assert {command.split()[-1] for command in steps(jobs["weekly"])} == {
        *["set-up", "oldest", "newest"]
    }


def test_a_report_asks_for_lesson_cell_system_and_what_was_seen():
    form = read(".github/ISSUE_TEMPLATE/wrong.yml")
    assert form["name"]
    assert form["description"]
    assert [part["id"] for part in form["body"]] == ["lesson", "cell", "system", "saw"]
    for part in form["body"]:
        assert part["type"] in ("input", "textarea")
        assert part["attributes"]["label"]


def test_the_citation_is_of_this_project():
    citation = read("CITATION.cff")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = dict(re.findall(r'^(version|description) = "(.*)"$', text, re.MULTILINE))
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"]
    assert citation["version"] == project["version"]
    assert citation["title"] == project["description"]
    owner = (ROOT / "LICENSE").read_text(encoding="utf-8")
    for author in citation["authors"]:
        assert author["name"] in owner


def test_a_container_is_set_up_as_a_laptop_is():
    path = ROOT / ".devcontainer" / "devcontainer.json"
    container = json.loads(path.read_text(encoding="utf-8"))
    assert fault(container["postCreateCommand"]) is None
    assert container["image"].endswith(":3.12")
