package io.nvmeof.cli.control;

import java.util.List;
import java.util.Map;

/**
 * A request that came through the control door.
 *
 * @param method GET, POST, PUT, PATCH or DELETE
 * @param path the decoded segments of the path after {@code /v1/}
 * @param query the decoded parameters
 * @param body the JSON that came with it, unread; empty if there was none
 */
public record ControlRequest(String method, List<String> path, Map<String, String> query, String body) {}
