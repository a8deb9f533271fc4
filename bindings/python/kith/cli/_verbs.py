# SPDX-License-Identifier: Apache-2.0
"""The command that does things: call."""

from __future__ import annotations

import argparse
from typing import Any

from ._output import Output
from ._stores import arguments_of, opened, refusal


def call(given: argparse.Namespace, out: Output) -> int:
    """An action of an entity, or the list of its actions."""
    with opened(given, reads=not given.action) as crm:
        collection = crm[given.entity]
        about = crm.model[given.entity]
        if not given.action:
            rows = [
                (name, " ".join(_argument(a) for a in one.arguments), one.doc)
                for name, one in about.actions.items()
            ]
            if out.json:
                out.value([{"name": name, "arguments": about.actions[name].arguments} for name, _, _ in rows])
            elif rows:
                out.table(("action", "arguments", "what it does"), rows)
            else:
                out.say(f"{about.plural} have no actions")
            return 0
        action = about.actions.get(given.action)
        if action is None:
            names = ", ".join(about.actions) or "none"
            raise refusal("not_found", f"{about.plural} have no action {given.action!r}; there are: {names}")
        texts = list(given.arguments)
        subject: list[Any] = []
        if action.subject:
            if not texts or not texts[0].isdigit():
                raise refusal("misuse", f"{given.action} is done to one {about.name}: name its id first")
            subject = [int(texts.pop(0))]
        values = arguments_of(crm, action, f"{about.name}.{given.action}", texts)
        if given.reason:
            with crm.transaction(reason=given.reason):
                answer = getattr(collection, given.action)(*subject, **values)
        else:
            answer = getattr(collection, given.action)(*subject, **values)
        if answer is None:
            out.value(None) if out.json else out.say("done")
        elif out.json:
            out.value({"id": answer.id, **answer.to_dict()})
        else:
            out.pairs([("id", answer.id), *answer.to_dict().items()])
    return 0


def _argument(about: dict[str, Any]) -> str:
    text = f"{about['name']}={'|'.join(about['choices']) or about['kind']}"
    return text if about["required"] else f"[{text}]"
