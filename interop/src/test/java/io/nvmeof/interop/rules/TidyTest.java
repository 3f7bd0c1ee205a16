package io.nvmeof.interop.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules for the text of every file, in the manner of TigerBeetle's tidy test. */
class TidyTest {
    private static final Path ROOT = root();
    private static final int COLUMNS_MAX = 120;
    private static final int DOCUMENT_COLUMNS_MAX = 160;
    private static final int FILE_LINES_MAX = 400;
    private static final int METHOD_LINES_MAX = 50;
    private static final Set<String> SKIPPED_FOLDERS = Set.of("build", ".git", ".idea", ".vscode", "node_modules",
            ".lab-cache", "nvmeof-data");
    private static final Pattern LEFTOVER = Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    /** Folders of one machine, and addresses of one: the project must not know where it was written. */
    private static final Pattern MACHINE_PATH = Pattern.compile("/(work|farm|root|home/[a-z]+)/|/tmp/bash_" + "jobs");
    /** The first line of a member that has a body: no type, no statement, no field. */
    private static final Pattern TYPE = Pattern.compile("\\b(class|interface|enum|record)\\b [A-Z]");
    private static final Pattern STATEMENT = Pattern.compile(
            "^ *(switch|while|for|if|try|else|do|synchronized|case|default|return|static) ?[({-].*|.*[=>] ?\\{$");
    /** Tables of fields, one accessor for each, which no cut would make clearer. */
    private static final Set<String> TABULAR = Set.of("IdentifyController.java", "IdentifyControllerBuilder.java");
    private static List<Path> files;

    @BeforeAll
    static void findFiles() throws IOException {
        files = new ArrayList<>();
        collect(ROOT);
        assertThat(files).hasSizeGreaterThan(50);
    }

    @Test
    void linesFitTheScreen() throws IOException {
        assertThat(complaints((path, lines) -> {
            int most = path.toString().endsWith(".md") ? DOCUMENT_COLUMNS_MAX : COLUMNS_MAX;
            boolean free = path.toString().endsWith(".txt") || path.toString().endsWith(".csv")
                    || path.toString().endsWith("pom.xml");
            // A row of a table cannot be cut, nor can an address.
            return free ? List.of() : matching(path, lines,
                    line -> line.length() > most && !line.startsWith("|") && !line.contains("http"));
        })).isEmpty();
    }

    @Test
    void filesAndMethodsAreShort() throws IOException {
        assertThat(complaints((path, lines) -> {
            List<String> found = new ArrayList<>();
            if (path.toString().endsWith(".java")) {
                if (lines.size() > FILE_LINES_MAX && !TABULAR.contains(path.getFileName().toString())) {
                    found.add(path + ": " + lines.size() + " lines");
                }
                // A test's scenario or table reads from its first line to its last, however long it is.
                if (path.toString().contains("src/main/java")) {
                    found.addAll(longMethods(path, lines));
                }
            }
            return found;
        })).isEmpty();
    }

    @Test
    void nothingIsLeftOver() throws IOException {
        assertThat(complaints((path, lines) -> matching(path, lines, line -> LEFTOVER.matcher(line).find()))).isEmpty();
    }

    @Test
    void noMachineIsNamed() throws IOException {
        assertThat(complaints((path, lines) -> matching(path, lines, line -> MACHINE_PATH.matcher(line).find())))
                .isEmpty();
    }

    @Test
    void spacesAreSpaces() throws IOException {
        assertThat(complaints((path, lines) -> matching(path, lines,
                line -> line.indexOf('\t') >= 0 || line.endsWith(" ") || line.endsWith("\r")))).isEmpty();
    }

    @Test
    void everyPackageSaysWhatBelongsInIt() {
        assertThat(files.stream().filter(path -> path.toString().contains("src/main/java") && path.toString()
                .endsWith(".java")).map(Path::getParent).distinct()
                .filter(folder -> !Files.exists(folder.resolve("package-info.java")))).isEmpty();
    }

    @Test
    void theMethodRuleSeesALongMethod() {
        List<String> lines = new ArrayList<>(List.of("final class A {", "    void a(int b) throws IOException {"));
        for (int i = 0; i < METHOD_LINES_MAX; i++) {
            lines.add("        b++;");
        }
        lines.add("    }");
        assertThat(longMethods(Path.of("A.java"), lines)).hasSize(1);
        lines.remove(2);
        lines.remove(2);
        assertThat(longMethods(Path.of("A.java"), lines)).isEmpty();
    }

    private interface Rule {
        List<String> complaints(Path path, List<String> lines);
    }

    private interface LineRule {
        boolean broken(String line);
    }

    private static List<String> complaints(Rule rule) throws IOException {
        List<String> all = new ArrayList<>();
        for (Path path : files) {
            try {
                all.addAll(rule.complaints(ROOT.relativize(path), Files.readAllLines(path)));
            } catch (MalformedInputException e) {
                // Not text: a capture, an image.
                continue;
            }
        }
        return all;
    }

    private static List<String> matching(Path path, List<String> lines, LineRule rule) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (rule.broken(lines.get(i))) {
                found.add(path + ":" + (i + 1) + ": " + lines.get(i).strip());
            }
        }
        return found;
    }

    /** A method begins where its declaration does, and ends at the first closing brace with the same indentation. */
    private static List<String> longMethods(Path path, List<String> lines) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).endsWith(" {")) {
                continue;
            }
            int first = i;
            while (first > 0 && continues(lines.get(first - 1))) {
                first--;
            }
            String declaration = lines.get(first);
            int indentation = declaration.length() - declaration.stripLeading().length();
            if (indentation != 4 && indentation != 8 || TYPE.matcher(declaration).find()
                    || STATEMENT.matcher(declaration).matches() || !declaration.contains("(")) {
                continue;
            }
            String end = " ".repeat(indentation) + "}";
            int last = i;
            // "};" ends an expression, "})" an argument: no method, and short for one.
            while (last < lines.size() && !lines.get(last).startsWith(end)) {
                last++;
            }
            if (last < lines.size() && last - first + 1 > METHOD_LINES_MAX) {
                found.add(path + ":" + (first + 1) + ": method of " + (last - first + 1) + " lines");
            }
        }
        return found;
    }

    /** Whether the statement or declaration of a line goes on in the next. */
    private static boolean continues(String line) {
        String text = line.strip();
        return !text.isEmpty() && !text.endsWith(";") && !text.endsWith("{") && !text.endsWith("}")
                && !text.endsWith("*/") && !text.startsWith("//") && !text.startsWith("@") && !text.startsWith("*")
                && !text.startsWith("package ");
    }

    private static void collect(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.sorted().toList()) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry) && !Files.isSymbolicLink(entry)) {
                    // A package may be called build; the folder of the build's output never lies below sources.
                    if (!SKIPPED_FOLDERS.contains(name) || name.equals("build") && folder.toString().contains("src")) {
                        collect(entry);
                    }
                } else if (Files.isRegularFile(entry) && !name.endsWith(".log") && !name.equals("LICENSE")
                        && !entry.equals(ROOT.resolve(".git"))) {
                    files.add(entry);
                }
            }
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("nvmeof-protocol"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
