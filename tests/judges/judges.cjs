// Loads files and formats texts as their JavaScript platforms do: a list of requests on stdin, one answer each on stdout.
const fs = require("node:fs");
const { createRequire } = require("node:module");
const folder = process.argv[2];
const load = createRequire(`${folder}/package.json`);

const json = (path) => JSON.parse(fs.readFileSync(path, "utf8").replace(/^\uFEFF/, ""));
const SEPARATOR = "\u0001";

// Every text of nested objects and arrays, by its path.
function* leaves(value, path = []) {
  if (typeof value === "string") yield [path, value];
  else if (value && typeof value === "object")
    for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key]);
}

const values = (names) => Object.fromEntries(names.map((name) => [name, `«${name}»`]));
const shownIn = (text, names) => names.filter((name) => text.includes(`«${name}»`));

function i18next(locale, resources) {
  const found = load("i18next").createInstance();
  found.init({
    lng: locale, fallbackLng: false, resources: { [locale]: { translation: resources } }, initImmediate: false, initAsync: false,
    keySeparator: SEPARATOR, nsSeparator: false, pluralSeparator: "_", contextSeparator: "_", showSupportNotice: false,
    interpolation: { escapeValue: false },
  });
  return found;
}

// Messages with numbers, dates and selection need values of their kind.
function icuValues(text, names) {
  const { parse } = load("@formatjs/icu-messageformat-parser");
  const found = values(names);
  const walk = (parts) => {
    for (const part of parts) {
      if (part.type === 8) walk(part.children);
      else if (part.type === 5 || part.type === 6) {
        found[part.value] ??= part.type === 6 ? 5 : "other";
        if (part.type === 6) found[part.value] = 5;
        Object.values(part.options).forEach((option) => walk(option.value));
      } else if (part.type === 2) found[part.value] = 7;
      else if (part.type === 3 || part.type === 4) found[part.value] = new Date(0);
      if (part.type === 8) found[part.value] = (chunks) => `«${part.value}»${chunks.join("")}`;
    }
  };
  walk(parse(text, { ignoreTag: false }));
  return found;
}

// The arguments of a message wherever they stand, those that only select included.
function icuNames(text, ignoreTag) {
  const { parse } = load("@formatjs/icu-messageformat-parser");
  const found = new Set();
  const walk = (parts) => {
    for (const part of parts) {
      if ([1, 2, 3, 4, 5, 6, 8].includes(part.type)) found.add(part.value);
      if (part.type === 8) walk(part.children);
      if (part.options) Object.values(part.options).forEach((option) => walk(option.value));
    }
  };
  walk(parse(text, { ignoreTag }));
  return [...found];
}

const LOADERS = {
  i18next(path, locale) {
    const content = json(path);
    const found = i18next(locale, content);
    return [...leaves(content)].map(([keys]) => found.t(keys.join(SEPARATOR), { skipInterpolation: true }));
  },
  ngx(path) {
    return [...leaves(json(path))].map(([, text]) => text);
  },
  vue(path, locale) {
    const core = load("@intlify/core-base");
    const content = json(path);
    const errors = [];
    core.registerMessageCompiler(core.compile);
    core.registerMessageResolver(core.resolveValue);
    const context = core.createCoreContext({
      locale, messages: { [locale]: content }, missingWarn: false, fallbackWarn: false, warnHtmlMessage: false,
      messageResolver: (object, keys) => keys.split(SEPARATOR).reduce((value, key) => value?.[key], object),
    });
    const texts = [...leaves(content)].map(([keys, text]) => {
      const { ast } = load("@intlify/message-compiler").baseCompile(text, { onError: (error) => errors.push(`${text}: ${error.message}`) });
      core.translate(context, keys.join(SEPARATOR));
      return ast ? text : "";
    });
    if (errors.length) throw new Error(errors[0]);
    return texts;
  },
  icu(path) {
    const { parse } = load("@formatjs/icu-messageformat-parser");
    const entries = [...leaves(json(path))].filter(([keys]) => !keys[0].startsWith("@"));
    entries.forEach(([, text]) => parse(text, { ignoreTag: true }));
    return entries.map(([, text]) => text);
  },
  messageformat(path, locale) {
    const MessageFormat = load("@messageformat/core");
    const compiler = new MessageFormat(locale);
    const entries = [...leaves(json(path))].filter(([keys]) => !keys[0].startsWith("@"));
    entries.forEach(([, text]) => compiler.compile(text));
    return entries.map(([, text]) => text);
  },
  banana(path, locale) {
    const Banana = load("banana-i18n");
    const { "@metadata": _metadata, ...messages } = json(path);
    const found = new Banana(locale, { messages });
    const texts = Object.keys(messages).map((key) => found.getMessage(key));
    Object.keys(messages).forEach((key) => found.i18n(key, "«1»"));
    return texts;
  },
  fluent(path, locale) {
    const { FluentBundle, FluentResource } = load("@fluent/bundle");
    const bundle = new FluentBundle(locale, { useIsolating: false });
    const errors = bundle.addResource(new FluentResource(fs.readFileSync(path, "utf8")));
    if (errors.length) throw errors[0];
    const texts = [];
    for (const message of bundle._messages.values()) {
      for (const pattern of [message.value, ...Object.values(message.attributes)])
        if (pattern !== null && pattern !== undefined) texts.push(bundle.formatPattern(pattern, ANYTHING, []));
    }
    return texts;
  },
};

// Answers to any argument that a Fluent pattern asks for.
const ANYTHING = new Proxy({}, { has: () => true, get: (_target, name) => `«${String(name)}»`, getOwnPropertyDescriptor: (_target, name) => ({ value: `«${String(name)}»`, configurable: true, enumerable: true }) });

const LATER = {
  async angular(path) {
    const tools = await import(`${folder}/node_modules/@angular/localize/tools/bundles/index.js`);
    const content = fs.readFileSync(path, "utf8");
    for (const Parser of [tools.Xliff1TranslationParser, tools.Xliff2TranslationParser]) {
      const parser = new Parser();
      const analysis = parser.analyze(path, content);
      if (!analysis.canParse) continue;
      const { locale, translations, diagnostics } = parser.parse(path, content, analysis.hint);
      if (diagnostics.hasErrors) throw new Error(diagnostics.formatDiagnostics(""));
      return { locale, texts: Object.values(translations).map((found) => found.text) };
    }
    throw new Error("neither XLIFF 1.2 nor XLIFF 2.0");
  },
  async mdx(path) {
    const { compile } = await import(`${folder}/node_modules/@mdx-js/mdx/index.js`);
    const text = fs.readFileSync(path, "utf8").replace(/^---\n.*?\n---\n/s, "");
    return { texts: [String(await compile(text, { jsx: true }))] };
  },
};

// Which of the arguments NAMES a formatted text shows; arguments of other names are refused where the platform does so.
const FORMATTERS = {
  i18next(text, names, locale) {
    return shownIn(i18next(locale, { text }).t("text", values(names)), names);
  },
  ngx: (text, names) => shownIn(text.replace(/{{\s?([^{}\s]*)\s?}}/g, (all, name) => (names.includes(name) ? `«${name}»` : all)), names),
  vue(text, names, locale) {
    const core = load("@intlify/core-base");
    core.registerMessageCompiler(core.compile);
    const errors = [];
    load("@intlify/message-compiler").baseCompile(text, { onError: (error) => errors.push(error.message) });
    if (errors.length) throw new Error(errors[0]);
    const context = core.createCoreContext({ locale, messages: { [locale]: { text } }, missingWarn: false, fallbackWarn: false, warnHtmlMessage: false });
    const list = [...Array(10).keys()].map((place) => `«${place}»`);
    const shown = [0, 1, 2].flatMap((count) => [values(names), list].map((given) => core.translate(context, "text", given, count))).join(" ");
    return shownIn(shown, names);
  },
  icu(text, names, locale) {
    const { IntlMessageFormat } = load("intl-messageformat");
    try {
      new IntlMessageFormat(text, locale).format(icuValues(text, names));
      return icuNames(text, false);
    } catch (error) {
      new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
      return icuNames(text, true);
    }
  },
  banana(text, names, locale) {
    const Banana = load("banana-i18n");
    const found = new Banana(locale, { messages: { text } });
    return shownIn(found.i18n("text", ...names.map((name) => `«${name}»`)), names);
  },
  fluent(text, names, locale) {
    const { FluentBundle, FluentResource } = load("@fluent/bundle");
    const bundle = new FluentBundle(locale, { useIsolating: false });
    bundle.addResource(new FluentResource(text));
    const errors = [];
    const shown = [...bundle._messages.values()].flatMap((message) =>
      [message.value, ...Object.values(message.attributes)].filter((pattern) => pattern).map((pattern) => bundle.formatPattern(pattern, values(names), errors)));
    if (errors.length) throw errors[0];
    return shownIn(shown.join(" "), names);
  },
};

async function answer({ act, judge, path, locale, text, names }) {
  try {
    if (act === "format") return { shown: FORMATTERS[judge](text, names, locale).sort() };
    return LATER[judge] ? await LATER[judge](path, locale) : { texts: LOADERS[judge](path, locale) };
  } catch (error) {
    return { error: String(error.message ?? error).slice(0, 300) || "refused" };
  }
}

(async () => {
  console.warn = console.log = console.error = () => {};
  const requests = JSON.parse(fs.readFileSync(0, "utf8"));
  const answers = [];
  for (const request of requests) answers.push(await answer(request));
  process.stdout.write(JSON.stringify(answers));
})();
