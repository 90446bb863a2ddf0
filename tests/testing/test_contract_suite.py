"""The contract suite finds what is wrong with a network that has a fault everywhere."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

SUITE = Path(__file__).with_name("faulty_suite.py")
ROOT = SUITE.parent.parent.parent


def test_a_fault_in_each_ability_fails_the_test_of_that_ability(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += [f"--junitxml={results}", str(SUITE)]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=100)
    failed = {
        case.attrib["name"].partition("[")[0]
        for case in ET.parse(results).iter("testcase")  # noqa: S314 - we wrote it
        if case.find("failure") is not None or case.find("error") is not None
    }
    assert failed == {
        "test_connecting_sends_nothing",
        "test_text_of_the_greatest_length_is_taken",
        "test_the_same_key_posts_once",
        "test_parts_of_a_thread_follow_each_other",
        "test_what_went_out_is_found",
        "test_a_live_post_is_adopted_by_its_address",
        "test_an_address_that_leads_to_no_post_is_not_adopted",
        "test_an_edit_changes_what_is_live",
        "test_a_withdrawn_part_is_gone",
        "test_counters_are_numbers_or_unknown",
        "test_followers_are_counted_if_declared",
        "test_wrong_secrets_fail_to_sign_in",
        "test_failures_say_what_may_happen_next",
        "test_a_lost_answer_leaves_the_outcome_unknown_and_the_part_findable",
    }
