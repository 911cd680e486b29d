package dev.watersmeet.testing.forked;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A certificate for this machine, signed by itself, made by the JDK's keytool.
 *
 * @param keyStore a store of PKCS 12 with its key
 * @param trustStore one of who trusts it
 */
public record Certificate(Path keyStore, Path trustStore) {
    /** Of both stores. */
    public static final String PASSWORD = "changeit";

    /**
     * Makes one.
     *
     * @param folder where its stores go
     * @param name whose it is, and what its files are called
     */
    public static Certificate make(Path folder, String name) {
        Path keys = folder.resolve(name + ".p12");
        Path trust = folder.resolve(name + "-trust.p12");
        String exported = folder.resolve(name + ".cer").toString();
        List<String> generate = new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name));
        generate.addAll(List.of("-ext", "san=ip:127.0.0.1,dns:localhost"));
        keytool(keys, name, generate);
        keytool(keys, name, List.of("-exportcert", "-file", exported));
        keytool(trust, name, List.of("-importcert", "-file", exported, "-noprompt"));
        return new Certificate(keys, trust);
    }

    private static void keytool(Path store, String alias, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of("-alias", alias, "-keystore", store.toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        try {
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String told = new String(keytool.getInputStream().readAllBytes(), UTF_8);
            int status = keytool.waitFor();
            if (status != 0) {
                throw new IllegalStateException("keytool ended with status " + status + ":\n" + told);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keytool ran", e);
        }
    }
}
