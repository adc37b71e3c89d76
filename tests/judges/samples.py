"""The source file of each platform; `@@@` stands for the argument as the platform spells it."""

ANDROID = """\
<?xml version="1.0" encoding="utf-8"?>
<resources xmlns:tools="http://schemas.android.com/tools" tools:locale="en">
    <string name="greeting">Hello @@@</string>
    <string name="save">Save</string>
</resources>
"""

I18NEXT = """\
{
  "greeting": "Hello @@@",
  "actions": {"save": "Save"}
}
"""

VUE_I18N = """\
{
  "greeting": "Hello @@@",
  "save": "Save"
}
"""

NGX_TRANSLATE = """\
{
  "greeting": "Hello @@@",
  "save": "Save"
}
"""

FORMATJS = """\
{
  "greeting": "Hello @@@",
  "save": "Save"
}
"""

MEDIAWIKI = """\
{
  "@metadata": {"authors": []},
  "greeting": "Hello @@@",
  "save": "Save"
}
"""

CHROME = """\
{
  "greeting": {
    "message": "Hello @@@",
    "placeholders": {"name": {"content": "$1"}}
  },
  "save": {"message": "Save"}
}
"""

RAILS = """\
en:
  greeting: "Hello @@@"
  actions:
    save: Save
"""

RESOURCEBUNDLE = """\
greeting = Hello @@@
save = Save
"""

FOUNDATION = """\
/* Greeting */
"greeting" = "Hello @@@";
"save" = "Save";
"""

FOUNDATION_PLURALS = """\
<?xml version="1.0" encoding="utf-8"?>
<plist version="1.0">
<dict>
    <key>greeting</key>
    <dict>
        <key>NSStringLocalizedFormatKey</key>
        <string>Save %#@count@</string>
        <key>count</key>
        <dict>
            <key>NSStringFormatSpecTypeKey</key>
            <string>NSStringPluralRuleType</string>
            <key>NSStringFormatValueTypeKey</key>
            <string>d</string>
            <key>one</key>
            <string>Hello @@@</string>
            <key>other</key>
            <string>Hello @@@</string>
        </dict>
    </dict>
</dict>
</plist>
"""

XCODE = """\
{
  "sourceLanguage" : "en",
  "strings" : {
    "Hello @@@" : {

    },
    "Save" : {

    }
  },
  "version" : "1.0"
}"""

GETTEXT = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

#, python-format
msgid "Hello @@@"
msgstr ""

msgid "Save"
msgstr ""
"""

FLUTTER = """\
{
  "@@locale": "en",
  "greeting": "Hello @@@",
  "@greeting": {"placeholders": {"name": {}}},
  "save": "Save"
}
"""

NET = """\
<?xml version="1.0" encoding="utf-8"?>
<root>
  <data name="greeting" xml:space="preserve"><value>Hello @@@</value></data>
  <data name="save" xml:space="preserve"><value>Save</value></data>
</root>
"""

ANGULAR = """\
<?xml version="1.0" encoding="utf-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file source-language="en" target-language="en" datatype="plaintext" original="ng2.template">
    <body>
      <trans-unit id="greeting" datatype="html"><source>Hello @@@</source></trans-unit>
      <trans-unit id="save" datatype="html"><source>Save</source></trans-unit>
    </body>
  </file>
</xliff>
"""

SYMFONY = """\
<?xml version="1.0" encoding="utf-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file source-language="en" target-language="en" datatype="plaintext" original="messages">
    <body>
      <trans-unit id="greeting"><source>Hello @@@</source></trans-unit>
      <trans-unit id="save"><source>Save</source></trans-unit>
    </body>
  </file>
</xliff>
"""

XLIFF_2 = """\
<?xml version="1.0" encoding="utf-8"?>
<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="en">
  <file id="ngi18n" original="ng.template">
    <unit id="greeting"><segment><source>Hello @@@</source></segment></unit>
    <unit id="save"><segment><source>Save</source></segment></unit>
  </file>
</xliff>
"""

QT = """\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Main</name>
    <message>
        <source>Hello @@@</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
"""

LARAVEL = """\
<?php

return [
    'greeting' => 'Hello @@@',
    'actions' => ['save' => 'Save'],
];
"""

FLUENT = """\
# Greeting
greeting = Hello @@@
save = Save
"""

PAGE = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Save</title></head>
<body><p>Hello @@@</p></body></html>
"""

MARKDOWN = """\
---
lang: en
---
# Save

Hello @@@
"""

MDX = """\
---
lang: en
---
# Save

<Tip>

Hello @@@

</Tip>
"""

SUBRIP = """\
1
00:00:01,000 --> 00:00:02,000
Hello

2
00:00:03,000 --> 00:00:04,000
Save
"""

WEBVTT = """\
WEBVTT
Kind: captions
Language: en

00:01.000 --> 00:02.000
Hello

00:03.000 --> 00:04.000
Save
"""

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" xml:lang="en"><title>Save</title><text>Hello @@@</text></svg>
"""

XML = """\
<?xml version="1.0" encoding="utf-8"?>
<!-- smartling.translate_paths = help/topic -->
<help xml:lang="en"><topic>Hello @@@</topic><topic>Save</topic></help>
"""

CSV = """\
greeting,Hello @@@
save,Save
"""

LOST = """\
{"sourceLanguage": "en",
"strings": {"Hello %@": {
"localizations": {"de": {"stringUnit": {"state": "translated", "value": "Hallo"}}}}, "Save": {}},
"version": "1.0"}"""
"""A String Catalog whose German text has lost its argument."""
