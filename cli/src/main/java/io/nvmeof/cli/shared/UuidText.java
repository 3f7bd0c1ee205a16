package io.nvmeof.cli.shared;

import java.util.UUID;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** UUIDs in their usual form, all 36 characters of it: Java alone also takes shorter ones, which are typing errors. */
public final class UuidText implements ITypeConverter<UUID> {
    private static final String FORM = "(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    @Override
    public UUID convert(String text) {
        if (!text.matches(FORM)) {
            throw new TypeConversionException(
                    "\"" + text + "\" is not a UUID; allowed: as 3f2504e0-4f89-41d3-9a0c-0305e82c3301");
        }
        return UUID.fromString(text);
    }
}
