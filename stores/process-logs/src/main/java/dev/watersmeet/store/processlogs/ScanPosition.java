package dev.watersmeet.store.processlogs;

import dev.watersmeet.crdt.MalformedException;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.encoding.Decoder;
import dev.watersmeet.store.encoding.Encoder;
import java.nio.BufferUnderflowException;
import java.util.Optional;

/** The position of a scan: the epoch, and the backend's own name of the next slice. */
final class ScanPosition {
    private static final int FORM = 2; // other than a cursor's, so that none is taken for the other

    private ScanPosition() {}

    static Cursor of(Control control, String slice) {
        return Point.seal(Encoder.form(FORM).fixed(control.epoch()).text(slice).toBytes());
    }

    /** The backend's name of the slice, if the position is one of a space as it is. */
    static Optional<String> parse(Cursor position, Control control) {
        return Point.unseal(position).flatMap(bytes -> {
            try {
                Decoder in = Decoder.form(FORM, bytes);
                return in.fixed() == control.epoch() ? Optional.of(in.text()) : Optional.empty();
            } catch (MalformedException | BufferUnderflowException e) {
                return Optional.empty();
            }
        });
    }
}
