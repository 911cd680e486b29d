package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Page;
import java.util.ArrayList;
import java.util.List;

/** Ours: a page of the merge format, in one of its forms. */
final class MergeFormatCodec implements Codec {
    private final Page page;
    private final MessageForm form;

    MergeFormatCodec(int documents, MessageForm form) {
        this.form = form;
        Writer writer = new Writer();
        List<DocumentCells> cells = new ArrayList<>();
        for (int document = 0; document < documents; document++) {
            DocumentState state = DocumentState.empty();
            for (int field = 0; field < Keys.FIELDS; field++) {
                state.join(Path.register(Keys.field(field)), writer.cell(Keys.VALUE));
            }
            cells.add(new DocumentCells(DocumentId.of("todos", Integer.toString(document)), state));
        }
        page = page(cells);
    }

    /** A page that stands alone. */
    static Page page(List<DocumentCells> cells) {
        return new Page(cells, "0", false);
    }

    @Override
    public byte[] encode() {
        return MergeFormat.writePage(page, form);
    }

    @Override
    public int decode(byte[] bytes) {
        int cells = 0;
        for (DocumentCells document : MergeFormat.readPage(bytes, form).documents()) {
            cells += document.cells().size();
        }
        return cells;
    }
}
