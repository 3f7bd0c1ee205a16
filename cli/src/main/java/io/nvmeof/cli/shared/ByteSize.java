package io.nvmeof.cli.shared;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers of bytes as people write them: 512, 4k, 128KiB, 1g; a unit is always a power of 1024. */
public final class ByteSize implements ITypeConverter<Long> {
    /** What is allowed, for messages. */
    public static final String ALLOWED =
            "a number of bytes, or a number with k, m, g or t (powers of 1024), as in 4k or 1g";
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})(?:([kmgt])(?:ib?|b)?|b)?");
    private static final String UNITS = "kmgt";

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException naming what is allowed
     */
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a size; allowed: " + ALLOWED);
        }
        int shift = matcher.group(2) == null ? 0 : 10 * (UNITS.indexOf(matcher.group(2)) + 1);
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("\"" + text + "\" is too large; allowed: up to 8388607t");
        }
        return number << shift;
    }

    /** The size in the largest unit that keeps it exact or three digits long: "1.00 GiB", "512 B". */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = Math.min(UNITS.length(), (63 - Long.numberOfLeadingZeros(bytes)) / 10);
        double number = bytes / (double) (1L << 10 * unit);
        String digits = number >= 100 ? "%.0f" : number >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits + " %ciB", number, Character.toUpperCase(UNITS.charAt(unit - 1)));
    }

    @Override
    public Long convert(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
