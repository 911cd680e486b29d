package dev.watersmeet.format;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The forms in which a message travels (P-16). Problems and live feeds are always JSON. */
public enum MessageForm {
    /** The form that everybody speaks. */
    JSON("application/json"),
    /** JSON with the documents as a columnar batch behind it (M-27): smaller, and faster to read and to write. */
    BATCH("application/vnd.watersmeet.batch");

    private final String mediaType;

    MessageForm(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The media type that names the form. */
    public String mediaType() {
        return mediaType;
    }

    /** The form that a media type names, whatever its parameters are. */
    public static Optional<MessageForm> ofMediaType(@Nullable String mediaType) {
        String essence = mediaType == null ? "" : mediaType.split(";", 2)[0].strip();
        for (MessageForm form : values()) {
            if (form.mediaType.equalsIgnoreCase(essence)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }
}
