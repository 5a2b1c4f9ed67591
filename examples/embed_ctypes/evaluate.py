"""Caveat from Python by ctypes: load once, evaluate, get the whole evaluation as JSON.

    evaluate.py LIBRARY RULES PLUGINS PROFILE TIME
"""

import ctypes
import json
import sys
from pathlib import Path


class Text(ctypes.Structure):
    """caveat_text: borrowed, UTF-8, not terminated."""

    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.size).decode()


class Diagnostic(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("level", ctypes.c_uint32), ("line", ctypes.c_uint32), ("column", ctypes.c_uint32),
                ("code", Text), ("file", Text), ("message", Text), ("help", Text)]


Report = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Diagnostic))


class Reporter(ctypes.Structure):
    _fields_ = [("report", Report), ("context", ctypes.c_void_p)]


class Request(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("at", ctypes.c_char_p), ("pack", ctypes.c_char_p), ("language", ctypes.c_char_p)]


class Failed(Exception):
    pass


class Caveat:
    """An engine. Everything that was wrong is in the exception, not only the first."""

    def __init__(self, library, rules, plugins):
        self.c = ctypes.CDLL(library)
        self.c.caveat_status_name.restype = ctypes.c_char_p
        for end in ("caveat_options_free", "caveat_engine_free", "caveat_evaluation_free", "caveat_string_free"):
            getattr(self.c, end).argtypes = [ctypes.c_void_p]
        self.engine = ctypes.c_void_p()
        options = ctypes.c_void_p()
        self.call("caveat_options_new", ctypes.byref(options))
        try:
            self.call("caveat_options_set", options, b"rules", rules.encode(), reported=True)
            self.call("caveat_options_set", options, b"plugins", plugins.encode(), reported=True)
            self.call("caveat_engine_load", options, reported=True, then=[ctypes.byref(self.engine)])
        finally:
            self.c.caveat_options_free(options)

    def call(self, name, *arguments, reported=False, then=()):
        """Calls a function that returns a status, with a reporter before the arguments in `then` where it takes one."""
        told = []

        def report(_, diagnostic):
            d = diagnostic.contents
            told.append(f"{d.file}:{d.line}:{d.column}: {d.message} [{d.code}]")

        reporter = Reporter(Report(report), None)
        more = ([ctypes.byref(reporter)] if reported else []) + list(then)
        status = getattr(self.c, name)(*arguments, *more)
        if status != 0:
            raise Failed("\n".join([f"{name}: {self.c.caveat_status_name(status).decode()}", *told]))

    def evaluate(self, profile, at):
        """The evaluation of a profile's text at a time (RFC 3339 with an offset), as the JSON that it is."""
        text, evaluation, out, size = profile.encode(), ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_size_t()
        request = Request(ctypes.sizeof(Request), at.encode(), None, None)
        try:
            self.call("caveat_engine_evaluate", self.engine, text, ctypes.c_size_t(len(text)), None, ctypes.byref(request),
                      reported=True, then=[ctypes.byref(evaluation)])
            self.call("caveat_evaluation_render", evaluation, 1, 0, ctypes.byref(out), ctypes.byref(size))
            return ctypes.string_at(out, size.value).decode()
        finally:
            self.c.caveat_string_free(out)
            self.c.caveat_evaluation_free(evaluation)

    def close(self):
        self.c.caveat_engine_free(self.engine)
        self.engine = ctypes.c_void_p()


def main():
    library, rules, plugins, profile, at = sys.argv[1:]
    caveat = Caveat(library, rules, plugins)
    try:
        evaluation = caveat.evaluate(Path(profile).read_text(encoding="utf-8"), at)
    finally:
        caveat.close()
    print(json.dumps(json.loads(evaluation), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
