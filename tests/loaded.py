"""What a server has loaded when it is ready: imported once by the process from which servers of tests are forked."""

from __future__ import annotations

from importlib import import_module

from bot.server.deferred import defer

defer()  # before anything of Rasa, as a server does
for _module in ("skops.io", "bot.nlu.classifier", "bot.server.agent", "bot.server.app", "bot.server.stores"):
    import_module(_module)
import_module("knowledge.nlu.extraction").FactExtractor.create()
for _text, _lang in (("SRFA复发率", "zh"), ("SRFA recurrence", "en")):
    import_module("actions.answer").questions().ask(_text, _lang)
