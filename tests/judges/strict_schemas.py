"""Judges answers by the schemas of a client in production, which are strict: run by `test_schemas`.

stdin is a JSON object, name of a schema to an answer; stdout one of the same names to what is wrong with it.
Needs Django, its REST framework and wagtail-localize-smartling on the path, but not what that package needs.
"""

from __future__ import annotations

import json
import sys

import django
from django.conf import settings

settings.configure(USE_TZ=True)
django.setup()

from wagtail_localize_smartling.api import serializers  # noqa: E402 - Django has to be set up first

found = {}
for name, answer in json.load(sys.stdin).items():
    schema = getattr(serializers, name)(data=answer)
    found[name] = {} if schema.is_valid() else json.loads(json.dumps(schema.errors))
json.dump(found, sys.stdout)
