import com.crowdin.cli.client.CrowdinProjectFull;
import com.crowdin.cli.client.LanguageMapping;
import com.crowdin.cli.client.ProjectClient;
import com.crowdin.cli.commands.Outputter;
import com.crowdin.cli.commands.actions.CliActions;
import com.crowdin.cli.properties.ParamsWithFiles;
import com.crowdin.cli.properties.PropertiesBuilders;
import com.crowdin.client.languages.model.Language;
import com.crowdin.client.projectsgroups.model.Type;
import java.io.File;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Prints what `crowdin config sources` and `crowdin config translations` print for a crowdin.yml, with `source` or
 * `translation` before each path. The commands are the program's own; a project that is made here stands in for
 * that of the service. Arguments: the file, then languages as id,two,three,locale,android,osx,osx locale,name,
 * then what languages are called as +placeholder,id,name: the program checks this with the service where a file says it.
 */
class Crowdin {
    public static void main(String[] arguments) throws Exception {
        var project = project(List.of(arguments).stream().skip(1).filter(said -> !said.startsWith("+")).toList());
        var client = (ProjectClient) Proxy.newProxyInstance(
            Crowdin.class.getClassLoader(), new Class<?>[] {ProjectClient.class},
            (proxy, method, values) -> method.getName().startsWith("download") ? project : null);
        var params = new ParamsWithFiles();
        params.setPreserveHierarchy(true);
        var builders = new PropertiesBuilders(true, true);
        var properties = builders.buildPropertiesWithFiles(new Lines(""), new File(arguments[0]), null, params);
        for (String said : arguments)
            if (said.startsWith("+")) {
                var parts = said.substring(1).split(",");
                for (var file : properties.getFiles()) file.setLanguagesMapping(Map.of(parts[0], Map.of(parts[1], parts[2])));
            }
        var actions = new CliActions();
        actions.listSources(false, null, true, false, true).act(new Lines("source"), properties, client);
        actions.listTranslations(true, false, true, true, false, false, false).act(new Lines("translation"), properties, client);
    }

    private static CrowdinProjectFull project(List<String> said) throws Exception {
        var languages = new ArrayList<Language>();
        for (String line : said) {
            var parts = line.split(",", -1);
            var language = new Language();
            language.setId(parts[0]);
            language.setTwoLettersCode(parts[1]);
            language.setThreeLettersCode(parts[2]);
            language.setLocale(parts[3]);
            language.setAndroidCode(parts[4]);
            language.setOsxCode(parts[5]);
            language.setOsxLocale(parts[6]);
            language.setName(parts[7]);
            languages.add(language);
        }
        var project = new CrowdinProjectFull();
        project.setType(Type.FILES_BASED);
        for (String name : List.of("setFiles", "setDirectories", "setBranches")) set(project, name, List.class, List.of());
        set(project, "setProjectLanguages", List.class, languages);
        set(project, "setLanguageMapping", LanguageMapping.class, LanguageMapping.fromServerLanguageMapping(Map.of()));
        var access = Class.forName("com.crowdin.cli.client.CrowdinProject$Access");
        set(project, "setAccessLevel", access, access.getEnumConstants()[1]);
        return project;
    }

    private static void set(CrowdinProjectFull project, String name, Class<?> kind, Object value) throws Exception {
        for (var type = (Class<?>) project.getClass(); type != null; type = type.getSuperclass())
            for (Method method : type.getDeclaredMethods())
                if (method.getName().equals(name) && method.getParameterTypes()[0] == kind) {
                    method.setAccessible(true);
                    method.invoke(project, value);
                }
    }

    private static class Lines implements Outputter {
        private final String kind;
        Lines(String kind) { this.kind = kind; }
        public void println(String line) { if (!kind.isEmpty()) System.out.println(kind + " " + line); }
        public void print(String line) { println(line); }
        public String format(String line) { return line; }
    }
}
