package dev.watersmeet.testing.drill;

/** Runs a Drillbit by itself, without ZooKeeper. It is on the class path of Drill, and this module is not: so it names Drill's classes by their names only. */
public final class DrillbitMain {
    private DrillbitMain() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Class<?> config = Class.forName("org.apache.drill.common.config.DrillConfig");
        Class<?> services = Class.forName("org.apache.drill.exec.server.RemoteServiceSet");
        Class<?> drillbit = Class.forName("org.apache.drill.exec.server.Drillbit");
        Object alone = services.getMethod("getLocalServiceSet").invoke(null);
        Object server = drillbit.getConstructor(config, services)
                .newInstance(config.getMethod("create").invoke(null), alone);
        drillbit.getMethod("run").invoke(server);
    }
}
