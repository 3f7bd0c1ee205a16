package io.nvmeof.interop.lab;

/** The stock Debian kernels that the lab boots; the names the {@code lab} script gives them are their flavours. */
enum GuestKernel {
    LINUX_6_12("612c"),
    LINUX_7("72c");

    private final String flavour;

    GuestKernel(String flavour) {
        this.flavour = flavour;
    }

    String flavour() {
        return flavour;
    }
}
