package dev.watersmeet.store.geode;

import java.util.Properties;
import org.apache.geode.distributed.DistributedMember;
import org.apache.geode.security.AuthInitialize;

/** Says to Geode's servers who this client is: by the properties {@code security-username} and {@code security-password}. Geode makes it by the name of {@link #create}. */
public final class GeodeCredentials implements AuthInitialize {
    private GeodeCredentials() {}

    /** For Geode. */
    public static AuthInitialize create() {
        return new GeodeCredentials();
    }

    @Override
    public Properties getCredentials(Properties security, DistributedMember server, boolean isPeer) {
        Properties credentials = new Properties();
        copy(security, SECURITY_USERNAME, credentials);
        copy(security, SECURITY_PASSWORD, credentials);
        return credentials;
    }

    private static void copy(Properties from, String name, Properties to) {
        String value = from.getProperty(name);
        if (value != null) {
            to.setProperty(name, value);
        }
    }
}
