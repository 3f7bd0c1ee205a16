package io.nvmeof.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.nvmeof.cli.control.ControlException;
import io.nvmeof.cli.control.ControlHandler;
import io.nvmeof.cli.control.ControlRequest;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what answers a request by its method and the pattern of its path, as {@code subsystems/{nqn}}. */
final class ControlRoutes implements ControlHandler {
    private final List<Route> routes = new ArrayList<>();

    private record Route(String method, String[] pattern, Action action) {
        /** The values of the pattern's names; {@code null} if the path is not of this pattern. */
        Map<String, String> match(List<String> path) {
            if (path.size() != pattern.length) {
                return null;
            }
            Map<String, String> values = new HashMap<>();
            for (int i = 0; i < pattern.length; i++) {
                if (pattern[i].startsWith("{")) {
                    values.put(pattern[i].substring(1, pattern[i].length() - 1), path.get(i));
                } else if (!pattern[i].equals(path.get(i))) {
                    return null;
                }
            }
            return values;
        }
    }

    /** What answers. */
    interface Action {
        JsonNode answer(Call call) throws ControlException, InterruptedException;
    }

    /**
     * A request that has found its way.
     *
     * @param values what stands in the path in the place of the pattern's names
     */
    record Call(ControlRequest request, Map<String, String> values) {
        /** The body, which is to be an object. */
        SettingNode body() {
            return TargetFile.parse("request", request.body().isBlank() ? "{}" : request.body());
        }

        /** The subsystem the path names. */
        NvmeQualifiedName nqn() {
            return NvmeQualifiedName.lenient(values.get("nqn"));
        }

        NvmeQualifiedName name(String key) {
            return NvmeQualifiedName.of(values.get(key));
        }

        /** A number of the path; -1, which nothing has, if it is none. */
        int number(String key) {
            String text = values.get(key);
            return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        }

        SubsystemConfiguration subsystem(ServedTarget target) throws ControlException {
            List<SubsystemConfiguration> all = target.management().configuration().subsystems();
            for (SubsystemConfiguration subsystem : all) {
                if (subsystem.nqn().toString().equals(values.get("nqn"))) {
                    return subsystem;
                }
            }
            throw new ControlException(ControlException.NOT_FOUND, "there is no subsystem " + values.get("nqn")
                    + "; there is "
                    + (all.isEmpty() ? "none" : all.stream().map(each -> each.nqn().toString()).toList()));
        }

        NamespaceConfiguration namespace(ServedTarget target) throws ControlException {
            SubsystemConfiguration subsystem = subsystem(target);
            for (NamespaceConfiguration namespace : subsystem.namespaces()) {
                if (Integer.toString(namespace.id()).equals(values.get("id"))) {
                    return namespace;
                }
            }
            throw new ControlException(ControlException.NOT_FOUND, "there is no namespace " + values.get("id")
                    + " in " + subsystem.nqn() + "; there is "
                    + subsystem.namespaces().stream().map(NamespaceConfiguration::id).toList());
        }
    }

    void add(String method, String pattern, Action action) {
        routes.add(new Route(method, pattern.split("/"), action));
    }

    @Override
    public JsonNode handle(ControlRequest request) throws ControlException, InterruptedException {
        List<String> methods = new ArrayList<>();
        for (Route route : routes) {
            Map<String, String> values = route.match(request.path());
            if (values != null && route.method.equals(request.method())) {
                try {
                    return route.action.answer(new Call(request, values));
                } catch (IllegalArgumentException e) {
                    throw new ControlException(ControlException.BAD_REQUEST, e.getMessage(), e);
                }
            }
            if (values != null) {
                methods.add(route.method);
            }
        }
        throw methods.isEmpty()
                ? new ControlException(ControlException.NOT_FOUND, "there is no " + String.join("/", request.path()))
                : new ControlException(ControlException.METHOD_NOT_ALLOWED, request.method() + " cannot be done with "
                        + String.join("/", request.path()) + "; allowed: " + String.join(", ", methods));
    }
}
