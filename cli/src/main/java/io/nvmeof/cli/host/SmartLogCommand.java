package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.protocol.admin.SmartLog;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nvmeof smart-log}. */
@Command(
        name = "smart-log",
        header = "show a controller's health and counters",
        description = """
                  Connects to a subsystem and prints the SMART / Health Information log page.

                BACKGROUND
                  Data units are 1000 times 512 bytes, rounded up. critical_warning 0 means healthy.""",
        footer = """
                    nvmeof smart-log -a 127.0.0.1
                    nvmeof smart-log -a 192.0.2.10 -n nqn.2026-01.com.example:disks -o json""")
public final class SmartLogCommand extends ControllerCommand {
    private static final int ALL_NAMESPACES = -1;
    private static final int SMART = 2;
    private static final int KELVIN_AT_ZERO_CELSIUS = 273;

    @Mixin
    private OutputOptions output;

    @Override
    void run(HostController controller, PrintWriter out) {
        MemorySegment page = HostSession.await(controller.logPage(SMART, ALL_NAMESPACES, 0, SmartLog.SIZE));
        SmartLog log = SmartLog.decode(page, 0);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("critical_warning", log.criticalWarning());
        fields.put("temperature", log.temperatureKelvin());
        fields.put("avail_spare", log.availableSparePercent());
        fields.put("spare_thresh", log.availableSpareThresholdPercent());
        fields.put("percent_used", log.percentageUsed());
        fields.put("endurance_grp_critical_warning_summary", log.enduranceGroupCriticalWarning());
        fields.put("data_units_read", log.dataUnitsRead());
        fields.put("data_units_written", log.dataUnitsWritten());
        fields.put("host_read_commands", log.hostReadCommands());
        fields.put("host_write_commands", log.hostWriteCommands());
        fields.put("controller_busy_time", log.controllerBusyMinutes());
        fields.put("power_cycles", log.powerCycles());
        fields.put("power_on_hours", log.powerOnHours());
        fields.put("unsafe_shutdowns", log.unsafeShutdowns());
        fields.put("media_errors", log.mediaErrors());
        fields.put("num_err_log_entries", log.errorLogEntries());
        fields.put("warning_temp_time", log.warningTemperatureMinutes());
        fields.put("critical_comp_time", log.criticalTemperatureMinutes());
        output.print(out, fields, writer -> {
            writer.println("Smart Log for NVME controller " + controller.identify().controllerId() + ":");
            fields.forEach((name, value) -> writer.println(String.format(Locale.ROOT, "%-38s : %s", name,
                    name.equals("temperature") ? celsius(log.temperatureKelvin()) : value)));
        });
    }

    private static String celsius(int kelvin) {
        return kelvin == 0 ? "not reported" : kelvin - KELVIN_AT_ZERO_CELSIUS + " °C (" + kelvin + " K)";
    }
}
