"""Fields that only flows have: expressions, targets, lines of speech, timing and rounds."""

from dataclasses import replace
from typing import Self

from ivrengine.flow.expression_reader import read_expression
from ivrengine.flow.expressions import Expression, ExpressionError, Literal
from ivrengine.flow.fields import Fields
from ivrengine.flow.nodes import Rounds, Timing, VariableName
from ivrengine.flow.speech_lines import (
    AgentLine,
    PromptLine,
    ReplayLine,
    Speech,
    SpeechLine,
    ValueLine,
    VariablePromptLine,
)
from ivrengine.flow.targets import GoTo, Reject, Take, Target, Way
from ivrengine.flow.variables import PROMPT_ID, VarType
from ivrengine.flow.yaml_tree import Row, Scalar, Table, Tree
from ivrengine.speech.readings import Reading
from ivrengine.values import Language, PromptId

AGENT_WORD = "@agent"
"""Stands in a flow's text for the number of the agent who has answered."""


class FlowFields(Fields):
    """The fields of one table of a flow file."""

    def expression(self, name: str) -> Expression | None:
        """Return an expression, None when it is not there."""
        tree = self.take(name)
        return None if tree is None else self.as_expression(name, tree)

    def as_expression(self, name: str, tree: Tree) -> Expression:
        """Return ``tree`` as an expression; plain numbers and flags stand for themselves."""
        if not isinstance(tree, Scalar) or tree.value is None:
            self.wrong(tree, name, "an expression")
            return Literal(value=False)
        text = tree.text.lower() if isinstance(tree.value, bool) else tree.text
        try:
            return read_expression(text)
        except ExpressionError as fault:
            self.page.find(tree.line, f"{self.where}: {name}: {fault}")
            return Literal(value=False)

    def expressions(self, name: str) -> dict[str, Expression]:
        """Return a table of expressions."""
        return {key: self.as_expression(key, tree) for key, tree in self.entries(name).items()}

    def words(self, name: str) -> dict[str, str]:
        """Return a table of words; a list of words stands for each under its own name."""
        tree = self.take(name)
        match tree:
            case None:
                return {}
            case Table(entries=entries):
                return {key: self.as_word(key, inner) for key, inner in entries.items()}
            case Row(items=items):
                listed = [self.as_word(name, inner) for inner in items]
                return {word: word for word in listed}
            case _:
                self.wrong(tree, name, "a table or a list of words")
                return {}

    def types(self, name: str) -> dict[str, VarType]:
        """Return a table of variables and their types."""
        found = {}
        for variable, tree in self.entries(name).items():
            word = self.as_word(variable, tree)
            if word in set(VarType):
                found[variable] = VarType(word)
            else:
                self.unknown_word(tree, variable, word, VarType)
            if not variable.isidentifier() or not variable.isascii():
                self.page.find(tree.line, f"{variable} cannot name a variable")
        return found

    def word_or_variable(self, name: str) -> str | VariableName:
        """Return a word, or the variable that holds it (``{var: name}``)."""
        tree = self.need(name)
        if isinstance(tree, Table):
            inner = type(self)(self.page, tree, f"{self.where}: {name}")
            variable = inner.word("var")
            inner.finish()
            return VariableName(variable=variable)
        if isinstance(tree, Scalar) and tree.text and isinstance(tree.value, str | int):
            return tree.text
        if tree is not None:
            self.wrong(tree, name, "a word or a variable")
        return ""

    def target(self, name: str) -> Target | None:
        """Return where a field leads, None when it is not there."""
        tree = self.take(name)
        return None if tree is None else self.as_target(name, tree)

    def needed_target(self, name: str) -> Target:
        """Return where a field leads, with a finding when it is not there."""
        tree = self.need(name)
        if tree is None:
            return Take(line=self.table.line, way=Way.HANG_UP)
        return self.as_target(name, tree)

    def targets(self, name: str) -> dict[str, Target]:
        """Return a table of targets."""
        return {key: self.as_target(key, tree) for key, tree in self.entries(name).items()}

    def as_target(self, name: str, tree: Tree) -> Target:
        """Return ``tree`` as a target: a node, a way, or an entry to reject."""
        if isinstance(tree, Table):
            inner = type(self)(self.page, tree, f"{self.where}: {name}")
            target = Reject(
                line=tree.line, node=inner.word("reject"), speech=inner.speech("prompts")
            )
            inner.finish()
            return target
        word = self.as_word(name, tree)
        if not word.startswith("@"):
            return GoTo(line=tree.line, node=word)
        if word in set(Way):
            return Take(line=tree.line, way=Way(word))
        self.unknown_word(tree, name, word, Way)
        return Take(line=tree.line, way=Way.HANG_UP)

    def keyable(self, keys: str) -> None:
        """Note keys that no telephone has."""
        if not keys or set(keys) - set("0123456789*#"):
            self.page.find(self.table.line, f"{self.where}: {keys} cannot be keyed")

    def speech(self, name: str) -> Speech:
        """Return lines of speech; empty when the field is not there."""
        return tuple(self.as_line(tree) for tree in self.rows(name))

    def speeches(self, name: str, default: tuple[Speech, ...]) -> tuple[Speech, ...]:
        """Return a list of speeches, each a line or a list of lines."""
        tree = self.take(name)
        if tree is None:
            return default
        if not isinstance(tree, Row):
            self.wrong(tree, name, "a list, one member a round")
            return default
        return tuple(
            tuple(self.as_line(line) for line in (each.items if isinstance(each, Row) else [each]))
            for each in tree.items
        )

    def as_line(self, tree: Tree) -> SpeechLine:
        """Return one line of speech: a prompt's id, or a table."""
        if not isinstance(tree, Table):
            return PromptLine(line=tree.line, prompt=self._prompt_id(tree))
        inner = type(self)(self.page, tree, f"{self.where}: a line")
        line = inner._line()
        languages = {language.value: language for language in Language}
        spoken = inner.word("language", "")
        if spoken and spoken not in languages:
            inner.unknown_word(tree, "language", spoken, languages)
        line = replace(
            line,
            language=languages.get(spoken),
            barge_in=inner.flag("barge_in", default=True),
            when=inner.expression("when"),
        )
        inner.finish()
        return line

    def timing(self, default: Timing) -> Timing:
        """Return all times of this table, ``default`` for those that are not given."""
        return replace(
            self.key_times(default),
            speech_limit_s=self.seconds("speech_limit_s", default.speech_limit_s),
            answer_grace_s=self.seconds("answer_grace_s", default.answer_grace_s),
        )

    def key_times(self, default: Timing) -> Timing:
        """Return ``default`` with the times of this table that a node may have of its own."""
        return replace(
            default,
            first_key_s=self.seconds("first_key_s", default.first_key_s),
            next_key_s=self.seconds("next_key_s", default.next_key_s),
            terminator_s=self.seconds("terminator_s", default.terminator_s),
            entry_s=self.seconds("entry_s", default.entry_s),
            second_star_s=self.seconds("second_star_s", default.second_star_s),
        )

    def rounds(self, default: Rounds) -> Rounds:
        """Return the rounds of this table, ``default`` for what is not given."""
        return Rounds(
            most=self.count("rounds", default.most, least=1, most=9),
            no_input=self.speeches("no_input", default.no_input),
            no_match=self.speeches("no_match", default.no_match),
        )

    def _line(self: Self) -> SpeechLine:
        line = self.table.line
        if (tree := self.take("say")) is not None:
            reading = self.choice("as", Reading)
            if isinstance(tree, Scalar) and tree.text == AGENT_WORD:
                return AgentLine(line=line, reading=reading)
            return ValueLine(line=line, value=self.as_expression("say", tree), reading=reading)
        if self.take("replay") is not None:
            return ReplayLine(line=line, variable=self.word("replay"))
        tree = self.need("prompt")
        if isinstance(tree, Table):
            named = self.word_or_variable("prompt")
            variable = named.variable if isinstance(named, VariableName) else ""
            return VariablePromptLine(line=line, variable=variable)
        prompt = PromptId("") if tree is None else self._prompt_id(tree)
        return PromptLine(line=line, prompt=prompt)

    def _prompt_id(self, tree: Tree) -> PromptId:
        word = tree.text if isinstance(tree, Scalar) else ""
        if not PROMPT_ID.fullmatch(word):
            self.page.find(tree.line, f"{self.where}: {word or 'this'} is no prompt's id")
        return PromptId(word)
