<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Main</name>
    <message>
        <location filename="../main.cpp" line="11"/>
        <source>Wind: %1 knots</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../main.cpp" line="13"/>
        <source>%n kite(s) in the air</source>
        <extracomment>Shown below the chart</extracomment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../main.cpp" line="14"/>
        <source>Kite weather</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
