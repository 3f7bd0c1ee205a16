package io.nvmeof.initiator;

/** The steps of connecting a controller, in order. */
public enum ConnectStep {
    /** The connection of the admin queue: for TCP, the network connection and the ICReq/ICResp exchange. */
    OPEN_ADMIN_CONNECTION("opening the admin connection"),
    /** The Connect command of the admin queue. */
    CONNECT_ADMIN_QUEUE("Connect of the admin queue"),
    /** Property Get of CAP, VS and CC. */
    READ_PROPERTIES("reading the controller's properties"),
    /** CC.EN to 0 and CSTS.RDY awaited. */
    DISABLE_CONTROLLER("disabling the controller"),
    /** CC.EN to 1 and CSTS.RDY awaited. */
    ENABLE_CONTROLLER("enabling the controller"),
    /** Identify Controller and the checks of what it says. */
    IDENTIFY_CONTROLLER("Identify Controller"),
    /** Set Features, Number of Queues. */
    SET_NUMBER_OF_QUEUES("Set Features Number of Queues"),
    /** The connections and Connect commands of the I/O queues. */
    CONNECT_IO_QUEUES("connecting the I/O queues"),
    /** Set Features, Asynchronous Event Configuration. */
    CONFIGURE_EVENTS("Set Features Asynchronous Event Configuration"),
    /** The discovery log page. */
    READ_DISCOVERY_LOG("reading the discovery log page");

    private final String text;

    ConnectStep(String text) {
        this.text = text;
    }

    /** The step in words, for a message. */
    public String text() {
        return text;
    }
}
