"""An entry that comes in with a pull is written as the target's own entries are."""

from __future__ import annotations

import pytest

from l10nsync import formats

PROPERTIES = b"a=Eins\nb=Zwei\nc=Drei\n"
STRINGS = b'"a" = "Eins";\n"b" = "Zwei";\n"c" = "Drei";\n'
JSON = b'{\n  "a" : "Eins",\n  "b" : "Zwei",\n  "c" : "Drei"\n}\n'
NESTED = b'{\n  "x" : {\n    "a" : "Eins",\n    "b" : "Zwei"\n  }\n}\n'


@pytest.mark.parametrize(
    ("file_type", "delivered", "target", "expected"),
    [
        ("javaProperties", PROPERTIES, b"a = Eins\r\nc = Drei\r\n", b"a = Eins\r\nb = Zwei\r\nc = Drei\r\n"),
        ("javaProperties", PROPERTIES, b"a: Eins\n", b"a: Eins\nb: Zwei\nc: Drei\n"),
        ("ios", STRINGS, b'"a"="Eins";\n"c"="Drei";\n', b'"a"="Eins";\n"b"="Zwei";\n"c"="Drei";\n'),
        (
            "json",
            JSON,
            b'{\n    "a":"Eins",\n    "c":"Drei"\n}\n',
            b'{\n    "a":"Eins",\n    "b":"Zwei",\n    "c":"Drei"\n}\n',
        ),
        (
            "json",
            NESTED,
            b'{\r\n\t"x": {\r\n\t\t"a": "Eins"\r\n\t}\r\n}',
            b'{\r\n\t"x": {\r\n\t\t"a": "Eins",\r\n\t\t"b": "Zwei"\r\n\t}\r\n}',
        ),
        (
            "json",
            b'{"a":"Eins","b":"Zwei","c":"Drei"}',
            b'{\r\n\t"a" : "Eins",\r\n\t"c" : "Drei"\r\n}\r\n',
            b'{\r\n\t"a" : "Eins",\r\n\t"b" : "Zwei",\r\n\t"c" : "Drei"\r\n}\r\n',
        ),
        (
            "json",
            b'{\n  "x": {\n    "a": "Eins"\n  },\n  "y": {\n    "b": "Zwei"\n  }\n}\n',
            b'{\n    "x": {\n        "a": "Eins"\n    }\n}\n',
            b'{\n    "x": {\n        "a": "Eins"\n    },\n    "y": {\n        "b": "Zwei"\n    }\n}\n',
        ),
        (
            "phpResource",
            b"<?php\nreturn [\n  'a' => 'Eins',\n  'b' => 'Zwei',\n  'c' => 'Drei'];\n",
            b'<?php\r\nreturn [\r\n    "a"=>"Eins",\r\n    "c"=>"Drei",\r\n];\r\n',
            b'<?php\r\nreturn [\r\n    "a"=>"Eins",\r\n    "b"=>"Zwei",\r\n    "c"=>"Drei",\r\n];\r\n',
        ),
        (
            "yaml",
            b"de:\n  a: Eins\n  b: Zwei\n  c:\n    - Drei\n",
            b'de:\r\n    a: "Eins"\r\n',
            b'de:\r\n    a: "Eins"\r\n    b: Zwei\r\n    c:\r\n        - Drei\r\n',
        ),
        (
            "android",
            b"<resources>\n  <string name='a'>Eins</string>\n  <string name='b'>2</string>\n</resources>",
            b'<resources>\n\t<string name="a">Eins</string>\n</resources>\n',
            b'<resources>\n\t<string name="a">Eins</string>\n\t<string name="b">2</string>\n</resources>\n',
        ),
    ],
)
def test_an_added_entry_follows_the_target(
    file_type: str, delivered: bytes, target: bytes, expected: bytes
) -> None:
    """Its separator, indentation and line end, whatever the service and the source have."""
    made = formats.restyle(file_type, delivered, source=delivered, target=target)
    assert made == expected
