#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A host that has nothing but ctypes, the shared library and kith.ffi.h: the signatures are read from it.

    ctypes_smoke.py libkith-c.so kith.ffi.h
"""
import ctypes
import re
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint16, c_uint32, c_uint64, c_void_p


class Text(ctypes.Structure):
    _fields_ = [("data", c_char_p), ("size", c_size_t)]

    def __init__(self, text=None):
        data = None if text is None else text.encode()
        super().__init__(data, 0 if data is None else len(data))

    def __str__(self):
        return "" if not self.data else ctypes.string_at(self.data, self.size).decode()


class Value(ctypes.Structure):
    _fields_ = [("kind", c_uint16), ("entity", c_uint16), ("scale", c_int32), ("integer", c_int64),
                ("real", c_double), ("text", Text), ("reserved", c_uint64)]


BY_VALUE = {"kith_text": Text, "int32_t": c_int32, "kith_status": c_int32, "int64_t": c_int64, "uint16_t": c_uint16,
            "uint64_t": c_uint64, "size_t": c_size_t, "kith_field": c_uint32, "void": None}


def type_of(declared):
    """Pointers are pointers; a callback is one, too."""
    if "*" in declared or declared.endswith("_fn"):
        return c_char_p if declared == "const char *" else c_void_p
    return BY_VALUE[declared]


def bind(library, header):
    """Gives every function its signature; how many there are."""
    found = re.findall(r"^((?:const )?\w+ \*?)(kith_\w+)\(([^()]*)\);$", header, flags=re.M)
    for returned, name, parameters in found:
        function = getattr(library, name)
        function.restype = type_of(returned.strip())
        function.argtypes = [type_of(re.fullmatch(r"(.*?[ *])\w+", p)[1].strip()) for p in parameters.split(", ")
                             if p != "void"]
    return len(found)


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class Kith:
    """Calls with an error at the end; a refusal is an exception."""

    def __init__(self, library):
        self.library = library

    def __getattr__(self, name):
        def call(*arguments):
            err = c_void_p()
            status = getattr(self.library, "kith_" + name)(*arguments, byref(err))
            if status >= 0:
                assert not err, "an error beside a success"
                return status
            message = str(self.library.kith_error_message(err))
            assert self.library.kith_error_code(err) == status
            self.library.kith_error_free(err)
            raise Refused(status, message)
        return call


def text_value(text):
    v = Value()
    v.kind, v.text = 1, Text(text)
    return v


def add(kith, session, entity, **fields):
    record = c_void_p()
    kith.record_new(session, entity, 0, byref(record))
    try:
        for name, text in fields.items():
            kith.record_set_by_name(record, Text(name), byref(text_value(text)))
        return kith.put(session, record)
    finally:
        kith.library.kith_record_free(record)


def names_where(kith, session, entity, condition):
    query, cursor, record, names, value = c_void_p(), c_void_p(), c_void_p(), [], Value()
    kith.query_parse(session, entity, Text(condition), byref(query))
    kith.query_run(query, byref(cursor))
    while kith.cursor_next(cursor, byref(record)) == 1:
        kith.record_get_by_name(record, Text("name"), byref(value))
        names.append(str(value.text))
    kith.library.kith_cursor_free(cursor)
    kith.library.kith_query_free(query)
    return names


def refused(call):
    try:
        call()
    except Refused as refusal:
        return refusal.status, str(refusal)
    raise AssertionError("it was not refused")


def main(path, ffi):
    library = ctypes.CDLL(path)
    with open(ffi, encoding="utf-8") as header:
        assert bind(library, header.read()) > 100
    assert re.fullmatch(rb"\d+\.\d+\.\d+", library.kith_version())
    kith = Kith(library)
    crm, session, model, entity = c_void_p(), c_void_p(), c_void_p(), c_uint16()
    kith.open(Text(":memory:"), None, byref(crm))
    kith.session_open(crm, None, byref(session))
    kith.session_model(session, byref(model))
    kith.model_entity(model, Text("clients"), byref(entity))

    add(kith, session, entity, name="ООО «Автопарк»", city="Омск")
    add(kith, session, entity, name="АО «Хлеб»", city="ОМСК")
    add(kith, session, entity, name="Nobody", city="Томск")
    assert names_where(kith, session, entity, "city = 'омск' order by name") == ["АО «Хлеб»", "ООО «Автопарк»"]

    status, message = refused(lambda: add(kith, session, entity, city="Омск"))
    assert (status, "name" in message) == (-2, True), message
    status, message = refused(lambda: names_where(kith, session, entity, "ситы = 'x'"))
    assert (status, "ситы" in message) == (-21, True), message
    status, message = refused(lambda: kith.model_entity(model, Text("client_"), byref(entity)))
    assert (status, entity.value) == (-1, 0), message
    assert refused(lambda: kith.open(Text(":memory:"), None, None))[0] == -24

    library.kith_model_free(model)
    library.kith_session_free(session)
    library.kith_close(crm)
    print("ctypes: done")


if __name__ == "__main__":
    main(*sys.argv[1:])
