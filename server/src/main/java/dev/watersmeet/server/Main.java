package dev.watersmeet.server;

import dev.watersmeet.crdt.Schema;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.transport.http.Authenticator;
import dev.watersmeet.transport.http.HttpLimits;
import dev.watersmeet.transport.http.Limit;
import dev.watersmeet.transport.http.Peers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that runs the server. Exits with 0 after a signal to stop, with 1 if it cannot start, with 2 if it is called wrongly. Its sub-commands are for the store of a server that is stopped. */
@Command(
        name = "watersmeet-server",
        description = "Keeps browsers, services and a store in step by merging.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {BackupCommand.class, RestoreCommand.class, CheckCommand.class, RenewEpochsCommand.class},
        sortOptions = false,
        showDefaultValues = true)
public final class Main implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private static final Pattern LIMIT = Pattern.compile("([a-z-]+)=([0-9]{1,18})");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "the port to listen at; 0 takes a free one",
            defaultValue = "8080")
    private int port;

    @Option(names = "--host", paramLabel = "HOST", description = "the address to listen at", defaultValue = "127.0.0.1")
    private String host = "";

    @Mixin
    private final StoreOptions store = new StoreOptions();

    @Mixin
    private final PeerOptions peers = new PeerOptions();

    @Mixin
    private final SchemaOption schema = new SchemaOption();

    @Option(
            names = "--token",
            paramLabel = "NAME=TOKEN",
            description =
                    "a token for development, and the name of whom it stands for, who may write in every space; repeatable")
    private List<String> tokens = List.of();

    @Mixin
    private final JwtOptions jwt = new JwtOptions();

    @Option(
            names = "--limit",
            paramLabel = "NAME=VALUE",
            description = "sets one of the limits of docs/limits.md, like feeds-of-principal=8; repeatable")
    private List<String> limits = List.of();

    @Option(names = "--demo", description = "serve the demo pages, and let them into their space")
    private boolean demo;

    @Option(
            names = "--demo-kill",
            description =
                    "let the demo page kill this process, for whoever started it to start it again; bin/demo does")
    private boolean demoKill;

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"watersmeet-server " + (version == null ? "(development)" : version)};
        }
    }

    /** Runs the command. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (!(failure instanceof StoreException)) {
                        throw failure;
                    }
                    command.getErr().println("watersmeet-server: " + failure.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
        if (code != CommandLine.ExitCode.OK) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Settings settings = settings();
            Optional<Peers> others = peers();
            Store opened = open(others);
            WatersmeetServer server;
            try {
                publish(opened, settings.allCollections());
                server = WatersmeetServer.start(opened, settings, others.orElse(null));
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
            stopOnSignal(server);
            PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
            out.println("Watersmeet is ready at " + server.uri());
            server.join();
            return CommandLine.ExitCode.OK;
        } catch (IOException e) {
            command.commandLine().getErr().println("watersmeet-server: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private Settings settings() throws IOException {
        try {
            Tenants given = Tenants.parse(tokens);
            Tenants tenants = demo ? given.withDemo() : given;
            Optional<Authenticator> signed = jwt.authenticator();
            if (!demo && tokens.isEmpty() && signed.isEmpty()) {
                log.warn("nobody can use this server: give somebody a --token, or set --jwt-keys");
            }
            Authenticator authenticator = tenants.authenticator();
            return new Settings(
                    host,
                    port,
                    tenants,
                    signed.map(authenticator::or).orElse(authenticator),
                    httpLimits(),
                    schema.schema(),
                    demo ? store.demoQueries() : Optional.empty(),
                    demo && demoKill);
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private ParameterException wrong(IllegalArgumentException e) {
        return new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }

    private Optional<Peers> peers() throws IOException {
        try {
            return peers.peers();
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private HttpLimits httpLimits() {
        HttpLimits values = HttpLimits.defaults();
        for (String limit : limits) {
            Matcher assignment = LIMIT.matcher(limit);
            if (!assignment.matches()) {
                throw new IllegalArgumentException("a --limit is NAME=VALUE, with a whole number: " + limit);
            }
            values = values.with(Limit.parse(assignment.group(1)), Long.parseLong(assignment.group(2)));
        }
        return values;
    }

    private Store open(Optional<Peers> others) {
        try {
            Store opened = store.open();
            try {
                return others.isPresent() ? others.get().on(opened) : opened;
            } catch (IllegalArgumentException e) {
                opened.close();
                throw e;
            }
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private void publish(Store opened, Schema holding) {
        try {
            store.publish(opened, holding);
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    private static void stopOnSignal(WatersmeetServer server) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            int code = CommandLine.ExitCode.OK;
                            try {
                                server.close();
                            } catch (RuntimeException e) {
                                log.error("the server did not stop cleanly", e);
                                code = CommandLine.ExitCode.SOFTWARE;
                            }
                            Runtime.getRuntime().halt(code); // otherwise the signal decides what the exit code is
                        },
                        "watersmeet-stop"));
    }
}
