"""One small file for each reader, with the odd things that real files have."""

JSON = b"""{
  "smartling": {"translate_mode": "all", "string_format": "none"},
  "title": "Hello {name}",
  "nested": {"list": ["one", {"deep": "two \\u00e9 \\n"}], "number": 3, "none": null},
  "empty": "",
  "same": "first",
  "same": "second"
}
"""

YAML = b"""# smartling.placeholder_format_custom = \\[\\[.+?\\]\\]
en: &root
  # Shown on top
  plain: Hello %{name}
  double: "two \\u00e9\\n"   # trailing
  single: 'it''s'
  literal: |
    first
      second
  folded: >-
    one
    two
  keep: |+
    kept

  yes: Yes
  number: 12
  truth: true
  list: [a, 'b', "c"]
  items:
  - &anchor anchored
  - *anchor
  - key: nested
  messages:
    one: one message
    other: "%{count} messages"
  dup: x
  dup: y
"""

PROPERTIES = b"""# A greeting
hello = Hello {0}
! smartling.placeholder_format = JAVA
keyonly
long: first \\
      second
colon\\:key = caf\\u00e9
  indented   value
tail="""

ANDROID = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE resources [<!ENTITY app "App">]>
<resources xmlns:tools='http://schemas.android.com/tools'>
    <!-- Greeting -->
    <string name="hello">Hello \\'%1$s\\'</string>
    <string name="mixed">Use <b>bold</b> &amp; <xliff:g id="x">%d</xliff:g></string>
    <string name="quoted">"  two  "</string>
    <string name="fixed" translatable="false">fixed</string>
    <string name="cdata"><![CDATA[<a href=\\"x\\">link</a>]]></string>
    <string name="entity">Open &app; &lt;now&gt;</string>
    <string name="wrapped">
        over two
        lines
    </string>
    <plurals name="songs">
        <item quantity="one">%d song</item>
        <item quantity="other">%d songs \\uD83E\\uDDD8</item>
    </plurals>
    <string-array name="days"><item>Mon</item><item>Tue</item></string-array>
    <string name="empty" />
    <bool name="flag">true</bool>
</resources>
"""

STRINGS = b"""/* Greeting */
"hello" = "Hello \\"%@\\" \\U00e9";

// smartling.placeholder_format = IOS
"songs##{one}" = "%d song";
"songs##{other}" = "%d songs";
/* No comment provided by engineer. */
bare = 'single';
"" = "";
"multi
line" = "a
b";
"""

PO = b"""# Translators' comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: de\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#. Greeting
#: a.c:12
#, c-format
msgctxt "menu"
msgid "Hello %s"
msgstr "Hallo %s"

msgid ""
"First\\n"
"second"
msgstr ""
"Erste\\n"
"zweite"

msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d Datei"
msgstr[1] "%d Dateien"

msgid "open"
msgstr ""

#~ msgid "old"
#~ msgstr "alt"
"""

FILES: dict[str, bytes] = {
    "json": JSON,
    "yaml": YAML,
    "javaProperties": PROPERTIES,
    "android": ANDROID,
    "ios": STRINGS,
    "gettext": PO,
}
"""By file type."""
