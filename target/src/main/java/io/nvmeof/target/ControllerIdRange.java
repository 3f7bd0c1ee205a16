package io.nvmeof.target;

/**
 * The controller identifiers a target gives out for a subsystem. Targets that serve one subsystem together have ranges
 * that do not meet, because an identifier is unique in its subsystem.
 *
 * @param least the lowest, from 1
 * @param most the highest, to {@link #MOST}
 */
public record ControllerIdRange(int least, int most) {
    /** The highest identifier there is; those above are reserved (NVMe Base 2.1, Controller ID). */
    public static final int MOST = 0xFFEF;
    /** Every identifier; 0 is left out, because hosts print it like "none". */
    public static final ControllerIdRange ALL = new ControllerIdRange(1, MOST);

    public ControllerIdRange {
        if (least < 1 || most > MOST || least > most) {
            throw new ConfigurationException("controller-ids", least + "-" + most, "from 1-1 to 1-" + MOST);
        }
    }
}
