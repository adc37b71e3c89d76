import java.io.StringReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/** Loads and formats as Java does: a request a line on stdin, base64 parts with tabs between; an answer a line. */
class Judges {
    public static void main(String[] arguments) throws Exception {
        var out = new StringBuilder();
        for (String line : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
            if (line.isEmpty()) continue;
            var parts = new ArrayList<String>();
            for (String part : line.split("\t", -1)) parts.add(new String(Base64.getDecoder().decode(part), StandardCharsets.UTF_8));
            List<String> answer = new ArrayList<>();
            try {
                answer.add("ok");
                answer.addAll(switch (parts.get(0)) {
                    case "bundle" -> bundle(parts.get(1), parts.get(2), parts.get(3));
                    case "message" -> message(parts.get(1));
                    case "printf" -> printf(parts.get(1), parts.subList(2, parts.size()));
                    default -> throw new IllegalArgumentException(parts.get(0));
                });
            } catch (Exception | Error error) {
                answer = List.of("error", error.toString());
            }
            for (int index = 0; index < answer.size(); index++) {
                out.append(index == 0 ? "" : "\t");
                out.append(Base64.getEncoder().encodeToString(answer.get(index).getBytes(StandardCharsets.UTF_8)));
            }
            out.append("\n");
        }
        System.out.print(out);
    }

    /** Every text of a bundle, loaded by its base name for a locale and for no other. */
    private static List<String> bundle(String folder, String name, String tag) throws Exception {
        var control = ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
        var urls = new URL[] {Path.of(folder).toUri().toURL()};
        try (var loader = new URLClassLoader(urls, null)) {
            var wanted = Locale.forLanguageTag(tag);
            var bundle = ResourceBundle.getBundle(name, wanted, loader, control);
            if (!bundle.getLocale().equals(wanted)) throw new IllegalStateException("found " + bundle.getLocale() + " for " + tag);
            var found = new ArrayList<String>();
            for (String key : bundle.keySet()) found.add(bundle.getString(key));
            return found;
        }
    }

    /** Which of ten arguments a message pattern shows. */
    private static List<String> message(String pattern) {
        var arguments = new Object[10];
        var format = new MessageFormat(pattern, Locale.ROOT);
        var kinds = format.getFormatsByArgumentIndex();
        for (int index = 0; index < arguments.length; index++) {
            boolean text = index >= kinds.length || kinds[index] == null;
            arguments[index] = text ? "«" + index + "»" : (Object) Integer.valueOf(7001 + index);
        }
        String shown = format.format(arguments).replace(",", "");
        var found = new ArrayList<String>();
        for (int index = 0; index < arguments.length; index++) {
            boolean used = index < kinds.length && kinds[index] != null;
            if (used || shown.contains("«" + index + "»")) found.add(String.valueOf(index));
        }
        return found;
    }

    /** Which arguments, of the kinds given by conversion letters, a format string shows. */
    private static List<String> printf(String pattern, List<String> kinds) {
        var arguments = new Object[kinds.size()];
        for (int index = 0; index < arguments.length; index++)
            arguments[index] = switch (kinds.get(index)) {
                case "d", "x", "X", "o" -> (Object) (7001 + index);
                case "f", "e", "g", "E", "G", "a" -> (Object) (7001.0 + index);
                case "c", "C" -> (Object) (char) ('α' + index);
                default -> "«" + index + "»";
            };
        var found = new ArrayList<String>();
        String whole = String.format(Locale.ROOT, pattern, arguments);
        for (int index = 0; index < arguments.length; index++) {
            var changed = arguments.clone();
            Object given = changed[index];
            if (given instanceof Integer number) changed[index] = number + 100000;
            else if (given instanceof Double number) changed[index] = number + 100000;
            else changed[index] = given instanceof Character ? (Object) 'ж' : "ж";
            if (!String.format(Locale.ROOT, pattern, changed).equals(whole)) found.add(String.valueOf(index));
        }
        return found;
    }
}
