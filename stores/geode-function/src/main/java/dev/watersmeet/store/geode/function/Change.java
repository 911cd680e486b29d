package dev.watersmeet.store.geode.function;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.geode.DataSerializable;
import org.apache.geode.DataSerializer;
import org.apache.geode.cache.EntryOperation;
import org.apache.geode.cache.PartitionResolver;

/** A change of an entry, as an element of the filter of {@link JoinFunction}: it goes where the entry is, and nowhere else; what is in a function's argument goes to each of the servers. Not to be changed once it is sent. */
public final class Change implements DataSerializable, PartitionResolver<Object, Object> {
    private static final long serialVersionUID = 1L;

    private String key = "";
    private byte[] layers = new byte[0];

    /** For Geode, which fills it. */
    public Change() {}

    /**
     * A change.
     *
     * @param key of the entry
     * @param layers what is joined with it, {@link Layers}
     */
    public static Change of(String key, byte[] layers) {
        Change change = new Change();
        change.key = key;
        change.layers = layers;
        return change;
    }

    String key() {
        return key;
    }

    byte[] layers() {
        return layers;
    }

    @Override
    public void toData(DataOutput out) throws IOException {
        DataSerializer.writeString(key, out);
        DataSerializer.writeByteArray(layers, out);
    }

    @Override
    public void fromData(DataInput in) throws IOException {
        key = DataSerializer.readString(in);
        layers = DataSerializer.readByteArray(in);
    }

    @Override
    public Object getRoutingObject(EntryOperation<Object, Object> operation) {
        return key;
    }

    @Override
    public String getName() {
        return "watersmeet-change";
    }
}
