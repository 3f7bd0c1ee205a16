package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.ControllerInfo;
import io.nvmeof.target.TargetManagement;
import java.util.List;

/** What the control door needs of the target it leads to. */
interface ServedTarget {
    /** Changes what is served. */
    TargetManagement management();

    /** The connected hosts. */
    List<ControllerInfo> controllers();

    /** The addresses in use, in the order of the ports. */
    List<TransportAddress> addresses();

    /** What there is to know about the process. */
    ObjectNode process();
}
