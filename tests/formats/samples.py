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

ARB = b"""{
  "@@locale": "en",
  "pageTitle": "Hello {name}",
  "@pageTitle": {"description": "Title", "placeholders": {"name": {}}},
  "count": "{n, plural, one{# song} other{# songs}}",
  "pageTitle": "again"
}
"""

XCSTRINGS = b"""{
  "sourceLanguage" : "en",
  "strings" : {
    "" : {

    },
    "Only key" : {
      "comment" : "Shown on top"
    },
    "fixed" : {
      "shouldTranslate" : false
    },
    "songs" : {
      "localizations" : {
        "de" : {
          "stringUnit" : {"state" : "translated", "value" : "%d Lieder"}
        },
        "en" : {
          "variations" : {
            "plural" : {
              "one" : {"stringUnit" : {"state" : "new", "value" : "%d song"}},
              "other" : {"stringUnit" : {"state" : "new", "value" : "%d songs"}}
            }
          }
        }
      }
    }
  },
  "version" : "1.0"
}"""

RESX = b"""<?xml version="1.0" encoding="utf-8"?>
<root>
  <resheader name="version"><value>2.0</value></resheader>
  <data name="Hello" xml:space="preserve">
    <value>Hello {0} &amp; co</value>
    <comment>Greeting</comment>
  </data>
  <data name="Icon" type="System.Drawing.Bitmap"><value>x</value></data>
  <data name="&gt;&gt;button.Name"><value>button</value></data>
  <data name="Lines" xml:space="preserve"><value>  one
two  </value></data>
  <data name="Empty"><value /></data>
</root>
"""

XLIFF = b"""<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">
  <file original="app" source-language="en" target-language="de" datatype="plaintext">
    <body>
      <trans-unit id="a"><source>Hello</source><target>Hallo</target><note>Greeting</note></trans-unit>
      <trans-unit id="b">
        <source>Bye &amp; co</source>
      </trans-unit>
      <trans-unit id="c"><source>Use <x id="1"/> it</source><target state="new"/></trans-unit>
      <trans-unit id="d" translate="no"><source>Fixed</source></trans-unit>
      <trans-unit><source>no id</source><target></target></trans-unit>
      <trans-unit id="a"><source>again</source><target><![CDATA[wieder]]></target></trans-unit>
    </body>
  </file>
</xliff>
"""

XLIFF2 = b"""<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="de">
  <file id="f1">
    <unit id="u1">
      <notes><note>Greeting</note></notes>
      <segment id="s1"><source>Hello</source><target>Hallo</target></segment>
      <segment><source>World</source></segment>
    </unit>
    <unit id="u2" translate="no"><segment><source>Fixed</source></segment></unit>
  </file>
</xliff>
"""

QT = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>Main</name>
    <message>
        <location filename="a.cpp" line="3"/>
        <source>It&apos;s %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <extracomment>Count</extracomment>
        <translation><numerusform>%n Datei</numerusform><numerusform>%n Dateien</numerusform></translation>
    </message>
    <message>
        <source>Old</source>
        <translation type="vanished">Alt</translation>
    </message>
    <message>
        <source>Open</source>
        <comment>menu</comment>
        <translation>&quot;\xc3\x96ffnen&quot;</translation>
    </message>
</context>
</TS>
"""

STRINGSDICT = b"""<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
    <key>songs</key>
    <dict>
        <key>NSStringLocalizedFormatKey</key>
        <string>%#@count@ here</string>
        <key>count</key>
        <dict>
            <key>NSStringFormatSpecTypeKey</key>
            <string>NSStringPluralRuleType</string>
            <key>NSStringFormatValueTypeKey</key>
            <string>d</string>
            <key>one</key>
            <string>%d song</string>
            <key>other</key>
            <string>%d songs &lt;3</string>
        </dict>
    </dict>
</dict>
</plist>
"""

XML = b"""<?xml version="1.0" encoding="utf-8"?>
<!-- smartling.translate_paths = items/item, */title -->
<!-- smartling.source_key_paths = items/{item.id} -->
<items>
  <item id="a">Hello <b>you</b></item>
  <item id="b"><![CDATA[3 < 4 & more]]></item>
  <other>not this</other>
  <deep><title>Plain &amp; simple</title></deep>
</items>
"""

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg"><title>Chart</title><g><text x="1">Sales</text></g></svg>
"""

CSV = b"""key,text,"quoted ""cell\"""
b,"two
lines",
"c", spaced ,x
"""

TEXT = b"""First line

  Second line with spaces\x20\x20
Third \xe2\x80\xa8 still third
"""

SRT = b"""1
00:00:01,000 --> 00:00:02,500
Hello

there

2
00:00:03,000 --> 00:00:04,000
{\\b1}Bye
3
00:00:05,000 --> 00:00:06,000
No blank line before
"""

VTT = b"""WEBVTT

NOTE a comment

intro
00:01.000 --> 00:02.000 align:start
Hello

00:03.000 --> 00:04.000
Bye
"""

PHP = b"""<?php
// Greeting
return [
    'hello' => 'It\\'s :name \\\\ C:\\new',
    "double" => "two\\n \\$x \\u{e9}",
    'nested' => array('a' => 'first', 'second', 'third'),
    'computed' => 'a' . 'b',
    'interpolated' => "Hi $name",
    'call' => trans('x'),
    'number' => 3,
];
"""

FLUENT = b"""# Greeting
hello = Hello { $name }
    .title = A title
-brand = Firefox
many =
    { $n ->
        [one] one file
       *[other] { $n } files
    }
long = first
    second

    third
### Group
last = end
"""

HTML = b"""<!DOCTYPE html>
<html><head><title>Page</title><style>p { color: red }</style></head>
<body>
<p>Hello <b>you</b> &amp; <a href="x.html">others</a>.</p>
<ul><li>One</li><li>Two
lines</li></ul>
<script>if (a < b) { document.write("<p>no</p>") }</script>
<pre>fixed</pre>
</body></html>
"""

MARKDOWN = b"""---
title: Front
---
# Heading *one*

First paragraph
on two lines.

- item one
- item two
  continued

> quoted text
> goes on

| a | b |
|---|---|
| cell | other |

```
code
```
"""

FILES: dict[str, bytes] = {
    "json": JSON,
    "yaml": YAML,
    "javaProperties": PROPERTIES,
    "android": ANDROID,
    "ios": STRINGS,
    "gettext": PO,
    "arb": ARB,
    "resx": RESX,
    "xliff": XLIFF,
    "xliff2": XLIFF2,
    "qt": QT,
    "stringsdict": STRINGSDICT,
    "xml": XML,
    "svg": SVG,
    "csv": CSV,
    "srt": SRT,
    "vtt": VTT,
    "phpResource": PHP,
    "fluent": FLUENT,
    "plainText": TEXT,
    "html": HTML,
    "markdown": MARKDOWN,
}
"""By file type; all but the multilingual String Catalog."""
