package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An object of a configuration file, read strictly: each value is taken by its key, with its type and range, and a key
 * that nobody took is a mistake. Every message names the file, the key from the root, the value, and what is allowed.
 */
final class SettingNode {
    private final String file;
    private final String path;
    private final JsonNode node;
    private final Set<String> known = new LinkedHashSet<>();

    private SettingNode(String file, String path, JsonNode node) {
        this.file = file;
        this.path = path;
        this.node = node;
    }

    /** The object at the root of a file. */
    static SettingNode root(String file, JsonNode node) {
        if (!node.isObject()) {
            throw CommandFailure.usage(file + ": must be one JSON object, { ... }");
        }
        return new SettingNode(file, "", node);
    }

    /** The key of this object from the root, for messages about it as a whole. */
    String key() {
        return path.isEmpty() ? file : file + ": " + path;
    }

    /** The beginning of a message about a key of this object, to which the key is appended. */
    String keys() {
        return path.isEmpty() ? file + ": " : key() + ".";
    }

    /** Whether a key is there. */
    boolean has(String key) {
        return node.has(key);
    }

    /** Whether a key has a certain text as its value. */
    boolean is(String key, String text) {
        return node.path(key).isTextual() && node.path(key).textValue().equals(text);
    }

    /** The keys of an object whose keys are values too. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        known.addAll(names);
        return names;
    }

    /** An object; {@code null} if it is not there. */
    SettingNode object(String key) {
        JsonNode value = take(key);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            throw wrong(key, value, "an object, { ... }");
        }
        return new SettingNode(file, prefix(key), value);
    }

    String text(String key, String byDefault) {
        JsonNode value = take(key);
        if (value == null) {
            if (byDefault == null) {
                throw missing(key, "a text");
            }
            return byDefault;
        }
        if (!value.isTextual()) {
            throw wrong(key, value, "a text in double quotes");
        }
        return value.textValue();
    }

    /** A text that {@code parser} understands; it throws IllegalArgumentException naming value and allowed range. */
    <T> T parsed(String key, String byDefault, Function<String, T> parser) {
        String value = text(key, byDefault);
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(at(key) + e.getMessage());
        }
    }

    /** A text of printable ASCII, as serial and model are. */
    String ascii(String key, String byDefault, int lengthMax) {
        String value = text(key, byDefault);
        if (value.isBlank() || value.length() > lengthMax || !value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw CommandFailure.usage(
                    at(key) + "\"" + value + "\"; allowed: 1 to " + lengthMax + " printable ASCII characters");
        }
        return value;
    }

    /** A text that may be left out. */
    <T> Optional<T> optional(String key, Function<String, T> parser) {
        return take(key) == null ? Optional.empty() : Optional.of(parsed(key, null, parser));
    }

    /** So many hexadecimal digits, or fewer. */
    long hexadecimal(String key, long byDefault, int digitsMax) {
        JsonNode value = take(key);
        if (value == null) {
            return byDefault;
        }
        if (!value.isTextual() || !value.textValue().matches("(0x)?[0-9a-fA-F]{1," + digitsMax + "}")) {
            throw wrong(key, value, "1 to " + digitsMax + " hexadecimal digits in double quotes");
        }
        return Long.parseUnsignedLong(value.textValue().replaceFirst("^0x", ""), 16);
    }

    long longInteger(String key, long byDefault, long min, long max) {
        JsonNode value = take(key);
        if (value == null) {
            return byDefault;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < min
                || value.longValue() > max) {
            throw wrong(key, value, "a whole number from " + min + " to " + max);
        }
        return value.longValue();
    }

    /** A probability: above 0, to 1. */
    double probability(String key) {
        JsonNode value = take(key);
        if (value == null) {
            return 1;
        }
        if (!value.isNumber() || !(value.doubleValue() > 0 && value.doubleValue() <= 1)) {
            throw wrong(key, value, "a number above 0, up to 1");
        }
        return value.doubleValue();
    }

    int integer(String key, int byDefault, int min, int max) {
        JsonNode value = take(key);
        if (value == null) {
            return byDefault;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw wrong(key, value, "a whole number from " + min + " to " + max);
        }
        return value.intValue();
    }

    boolean flag(String key, boolean byDefault) {
        JsonNode value = take(key);
        if (value == null) {
            return byDefault;
        }
        if (!value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value.booleanValue();
    }

    /** A size in bytes, as a number or a text like "4k". */
    long size(String key, long byDefault, long min, long max) {
        JsonNode value = take(key);
        if (value == null) {
            return byDefault;
        }
        long bytes;
        try {
            bytes = value.isTextual() ? ByteSize.parse(value.textValue())
                    : value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : -1;
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(at(key) + e.getMessage());
        }
        if (bytes < min || bytes > max) {
            throw wrong(key, value, "from " + ByteSize.format(min) + " to " + ByteSize.format(max) + ", as "
                    + ByteSize.ALLOWED);
        }
        return bytes;
    }

    /** One of the constants of an enum, in lower case with dashes. */
    <E extends Enum<E>> E word(String key, E byDefault, Class<E> type) {
        JsonNode value = take(key);
        if (value == null && byDefault != null) {
            return byDefault;
        }
        if (value == null) {
            throw missing(key, "one of " + words(type));
        }
        if (!value.isTextual()) {
            throw wrong(key, value, words(type));
        }
        return constant(at(key), value.textValue(), type);
    }

    /** The constant that a word stands for. */
    static <E extends Enum<E>> E constant(String at, String text, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (word(constant).equals(text)) {
                return constant;
            }
        }
        throw CommandFailure.usage(at + "\"" + text + "\" is not allowed; allowed: " + words(type));
    }

    private static String words(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(SettingNode::word).collect(Collectors.joining(", "));
    }

    /** A key must be there. */
    void required(String key, String allowed) {
        if (take(key) == null) {
            throw missing(key, allowed);
        }
    }

    UUID uuid(String key) {
        JsonNode value = take(key);
        if (value == null) {
            return null;
        }
        if (!value.isTextual() || !value.textValue().matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw wrong(key, value, "a UUID, as \"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"");
        }
        return UUID.fromString(value.textValue());
    }

    /** Objects of a list. */
    List<SettingNode> objects(String key, int countMax) {
        JsonNode value = take(key);
        if (value == null) {
            throw missing(key, "a list of 1 to " + countMax + " objects, [ { ... } ]");
        }
        if (value.isEmpty()) {
            throw wrong(key, value, "a list of 1 to " + countMax + " objects, [ { ... } ]");
        }
        return listed(key, value, countMax);
    }

    /** Objects of a list that may be empty or left out. */
    List<SettingNode> anyObjects(String key, int countMax) {
        JsonNode value = take(key);
        return value == null ? List.of() : listed(key, value, countMax);
    }

    private List<SettingNode> listed(String key, JsonNode value, int countMax) {
        if (!value.isArray() || value.size() > countMax) {
            throw wrong(key, value, "a list of up to " + countMax + " objects, [ { ... } ]");
        }
        List<SettingNode> objects = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            SettingNode object = new SettingNode(file, prefix(key) + "[" + i + "]", value.get(i));
            if (!value.get(i).isObject()) {
                throw CommandFailure.usage(object.key() + ": " + value.get(i) + "; allowed: an object, { ... }");
            }
            objects.add(object);
        }
        return objects;
    }

    List<String> texts(String key) {
        JsonNode value = take(key);
        List<String> texts = new ArrayList<>();
        if (value != null && !value.isArray()) {
            throw wrong(key, value, "a list of texts, [ \"...\" ]");
        }
        for (int i = 0; value != null && i < value.size(); i++) {
            if (!value.get(i).isTextual()) {
                throw wrong(key + "[" + i + "]", value.get(i), "a text in double quotes");
            }
            texts.add(value.get(i).textValue());
        }
        return texts;
    }

    /** Every key has been taken; one that is left is unknown. */
    void end() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw CommandFailure.usage(at(key) + "unknown key; allowed here: " + String.join(", ", known));
            }
        });
    }

    /** The beginning of a message about a key. */
    String at(String key) {
        return file + ": " + prefix(key) + ": ";
    }

    private JsonNode take(String key) {
        known.add(key);
        return node.get(key);
    }

    private String prefix(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private CommandFailure missing(String key, String allowed) {
        return CommandFailure.usage(at(key) + "is missing; needed: " + allowed);
    }

    private CommandFailure wrong(String key, JsonNode value, String allowed) {
        String shown = value.isContainerNode() ? value.isArray() ? "a list of " + value.size() : "an object"
                : value.toString();
        return CommandFailure.usage(at(key) + shown + " is not allowed; allowed: " + allowed);
    }

    /** How a constant is written. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-').replace("io-uring", "io_uring");
    }
}
