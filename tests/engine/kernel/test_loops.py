"""Scopes: called processes, iterations, loops, sub-processes."""

from __future__ import annotations

from tests.engine.kernel.drawing import Story, arrows, process, program

LOOP = ('<multiInstanceLoopCharacteristics {0} jalon:collection="list" jalon:item="item" jalon:collect="got" jalon:collectValue="{1}">{2}'
        "</multiInstanceLoopCharacteristics>")


def many(kind: str = "", value: str = "answer", completion: str = "", task: str = "userTask") -> Story:
    inner = f"<completionCondition>{completion}</completionCondition>" if completion else ""
    loop = LOOP.format('isSequential="true"' if kind == "sequential" else "", value, inner)
    return Story(program(process(f'<startEvent id="s"/><{task} id="u">{loop}</{task}><userTask id="z"/>', "s > u; u > z")),
                 {"list": [10, 20, 30]})


def test_parallel_rounds_gather_in_the_order_of_the_collection_whoever_comes_first() -> None:
    story = many()
    assert [story.run.inputs(wait.token)["item"] for wait in story.all("u")] == [10, 20, 30]
    assert [story.run.inputs(wait.token)["loopCounter"] for wait in story.all("u")] == [1, 2, 3]
    for number, answer in ((2, "c"), (0, "a"), (0, "b")):
        story.complete("u", {"answer": answer}, number=number)
    assert story.variables == {"list": [10, 20, 30], "got": ["a", "b", "c"]}
    assert (story.open(), set(story.run.scopes)) == (["z"], {""})


def test_sequential_rounds_come_one_after_the_other() -> None:
    story = many("sequential", "answer + item")
    for answer in (1, 2, 3):
        assert story.open() == ["u"]
        story.complete("u", {"answer": answer})
    assert story.variables["got"] == [11, 22, 33]
    assert story.happened("entered").count("u") == 3


def test_a_collection_is_evaluated_once_and_holds_null_too() -> None:
    story = many("sequential", "item")
    story.run.scopes.write("", {"list": []})
    for _ in range(3):
        story.complete("u", {})
    assert story.variables["got"] == [10, 20, 30]
    made = program(process('<startEvent id="s"/><userTask id="u">' + LOOP.format("", "item", "") + '</userTask><userTask id="z"/>',
                           "s > u; u > z"))
    story = Story(made, {"list": [None, 1]})
    story.complete("u", {})
    story.complete("u", {})
    assert story.variables["got"] == [None, 1]


def test_no_items_pass_at_once_and_no_list_fails() -> None:
    made = program(process('<startEvent id="s"/><userTask id="u">' + LOOP.format("", "item", "") + '</userTask><userTask id="z"/>',
                           "s > u; u > z"))
    story = Story(made, {"list": []})
    assert (story.open(), story.variables["got"]) == (["z"], [])
    story = Story(made, {"list": None})
    assert (story.open(), story.wait("u").cause) == (["!u"], "expression")
    story.run.scopes.write("", {"list": [1]})
    story.retry("u")
    assert story.wait("u").kind == "user"


def test_a_completion_condition_ends_the_rounds_that_are_left() -> None:
    story = many(completion="nrOfCompletedInstances >= 2 or answer = &quot;veto&quot;")
    story.complete("u", {"answer": "a"}, number=1)
    story.complete("u", {"answer": "b"}, number=1)
    assert (story.open(), story.variables["got"]) == (["z"], ["a", "b"])
    story = many(completion="answer = &quot;veto&quot;")
    story.complete("u", {"answer": "veto"})
    assert (story.open(), story.variables["got"]) == (["z"], ["veto"])


def test_a_result_that_fails_to_be_gathered_is_tried_again() -> None:
    story = many(value="broken()")
    story.complete("u", {"answer": 1})
    assert story.open() == ["!u", "u", "u"]
    failed = next(wait for wait in story.all("u") if wait.kind == "failed")
    assert story.run.scopes[failed.scope]["answer"] == 1


def test_receive_tasks_and_scripts_run_as_often_as_asked() -> None:
    made = program('<message id="M" name="m" jalon:correlation="item"/>', process(
        '<startEvent id="s"/><receiveTask id="r" messageRef="M">' + LOOP.format("", "answer", "")
        + '</receiveTask><scriptTask id="c"><script>{n: n + 1}</script><standardLoopCharacteristics loopMaximum="5"><loopCondition>n &lt; '
          '3</loopCondition>'
          '</standardLoopCharacteristics></scriptTask><userTask id="z"/>', "s > r; r > c; c > z"))
    story = Story(made, {"list": [1, 2], "n": 0})
    assert [wait.correlation for wait in story.all("r")] == [1, 2]
    story.fire("r", {"answer": "b"}, number=1)
    story.fire("r", {"answer": "a"})
    assert (story.open(), story.variables["got"], story.variables["n"]) == (["z"], ["a", "b"], 3)


def test_a_standard_loop_may_test_first_and_keeps_to_its_maximum() -> None:
    loop = ('<standardLoopCharacteristics testBefore="true" loopMaximum="2"><loopCondition>more</loopCondition>'
            "</standardLoopCharacteristics>")
    made = program(process(f'<startEvent id="s"/><userTask id="u">{loop}</userTask><userTask id="z"/>', "s > u; u > z"))
    assert Story(made, {"more": False}).open() == ["z"]
    story = Story(made, {"more": True})
    story.complete("u")
    assert story.open() == ["u"]
    story.complete("u")
    assert story.open() == ["z"]


def test_a_number_of_rounds_needs_no_collection() -> None:
    loop = "<multiInstanceLoopCharacteristics><loopCardinality>1 + 1</loopCardinality></multiInstanceLoopCharacteristics>"
    made = program(process(f'<startEvent id="s"/><subProcess id="b">{loop}<userTask id="u"/></subProcess><userTask id="z"/>',
                           "s > b; b > z"))
    story = Story(made)
    story.complete("u", {"x": 1})
    story.complete("u", {"x": 2})
    assert (story.open(), story.variables) == (["z"], {})


def called(body: str = "", loop: str = "") -> Story:
    mapped = f"<extensionElements>{body}</extensionElements>" if body else ""
    made = program(process(f'<startEvent id="s"/><callActivity id="k" calledElement="q">{mapped}{loop}</callActivity><userTask id="z"/>',
                           "s > k; k > z"),
                   process('<userTask id="u"/><scriptTask id="w"><script>{inner: 1, x: if x = null then 0 else x + 1}</script>'
                           '</scriptTask>', "u > w", key="q"))
    return Story(made, {"x": 5, "y": 6, "list": [1, 2]})


def test_a_called_process_sees_its_inputs_only_and_gives_back_its_outputs_only() -> None:
    story = called('<jalon:input name="a" value="x * 2"/><jalon:output name="r" value="answer + a"/>')
    assert dict(story.run.scopes.read(story.wait("u").scope)) == {"a": 10}
    story.complete("u", {"answer": 1})
    assert story.variables == {"x": 5, "y": 6, "list": [1, 2], "r": 11}


def test_without_mappings_a_called_process_reads_copies_and_gives_back_what_it_set() -> None:
    story = called()
    story.run.scopes.write("", {"y": 7})
    assert story.run.inputs(story.wait("u").token)["y"] == 6
    story.complete("u", {"answer": 1})
    assert (story.variables["x"], story.variables["inner"], story.variables["answer"]) == (6, 1, 1)
    assert set(story.run.scopes) == {""}


def test_each_round_of_a_called_process_has_scopes_of_its_own() -> None:
    loop = '<multiInstanceLoopCharacteristics jalon:collection="list" jalon:item="item" jalon:collect="got" jalon:collectValue="r"/>'
    story = called('<jalon:input name="a" value="item"/><jalon:output name="r" value="answer * a"/>', loop)
    assert [story.run.inputs(wait.token)["a"] for wait in story.all("u")] == [1, 2]
    story.complete("u", {"answer": 10}, number=1)
    story.complete("u", {"answer": 100})
    assert (story.variables["got"], story.open()) == ([100, 20], ["z"])


def test_a_process_of_another_deployment_is_called_and_a_missing_one_fails_the_call() -> None:
    caller = process('<callActivity id="k" calledElement="q"/>')
    other = program(process('<userTask id="k"/>', key="q"))
    story = Story(program(caller, called={"q": other}))
    assert (story.wait("k").kind, story.wait("k").process) == ("user", "q")
    assert story.program.element("q", "k").kind == "userTask"
    story.complete("k")
    assert story.run.ended
    assert Story(program(caller)).open() == ["!k"]


def test_processes_that_call_themselves_are_stopped() -> None:
    story = Story(program(process('<callActivity id="k" calledElement="p"/>')))
    assert (story.open(), story.wait("k").cause) == (["!k"], "loop")


def test_an_embedded_sub_process_shares_the_variables_around_it() -> None:
    made = program(process('<startEvent id="s"/><subProcess id="b"><startEvent id="bs"/><userTask id="u"/>' + arrows("bs > u")
                           + '</subProcess><userTask id="z"/>', "s > b; b > z"))
    story = Story(made, {"x": 1})
    assert story.wait("u").scope == ""
    story.complete("u", {"x": 2})
    assert (story.variables, story.open()) == ({"x": 2}, ["z"])
    assert story.happened("completed") == ["u", "b"]
