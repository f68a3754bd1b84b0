package jetstream.wire;

import jetstream.api.frame.Frame;
import jetstream.api.frame.NodeFrame;
import jetstream.api.frame.RaftFrame;
import jetstream.api.frame.RouteFrame;
import jetstream.wire.codec.AppendDecoder;
import jetstream.wire.codec.AppendReplyDecoder;
import jetstream.wire.codec.CatchupDecoder;
import jetstream.wire.codec.CatchupReplyDecoder;
import jetstream.wire.codec.EntryReplyDecoder;
import jetstream.wire.codec.EntryRequestDecoder;
import jetstream.wire.codec.HeartbeatDecoder;
import jetstream.wire.codec.HeartbeatReplyDecoder;
import jetstream.wire.codec.InterestDecoder;
import jetstream.wire.codec.MessagesDecoder;
import jetstream.wire.codec.NoticeDecoder;
import jetstream.wire.codec.StateHashDecoder;
import jetstream.wire.codec.TimeoutNowDecoder;
import jetstream.wire.codec.VoteReplyDecoder;
import jetstream.wire.codec.VoteRequestDecoder;
import org.agrona.DirectBuffer;

/**
 * Reads frames. Bytes that are no frame give null and a {@link #refusal}; nothing is thrown and nothing outside the
 * frame is read. Says nothing about the payload: its reader checks that. Owner: one thread.
 */
public final class FrameDecoder {
    /** What flags look like on the wire; read raw, since the generated enums throw on any other value. */
    private static final byte YES = 1;

    private final FrameHeader header = new FrameHeader();
    private final VoteRequestDecoder voteRequest = new VoteRequestDecoder();
    private final VoteReplyDecoder voteReply = new VoteReplyDecoder();
    private final AppendDecoder append = new AppendDecoder();
    private final AppendReplyDecoder appendReply = new AppendReplyDecoder();
    private final TimeoutNowDecoder timeoutNow = new TimeoutNowDecoder();
    private final CatchupDecoder catchup = new CatchupDecoder();
    private final CatchupReplyDecoder catchupReply = new CatchupReplyDecoder();
    private final StateHashDecoder stateHash = new StateHashDecoder();
    private final EntryRequestDecoder entryRequest = new EntryRequestDecoder();
    private final EntryReplyDecoder entryReply = new EntryReplyDecoder();
    private final HeartbeatDecoder heartbeat = new HeartbeatDecoder();
    private final HeartbeatReplyDecoder heartbeatReply = new HeartbeatReplyDecoder();
    private final InterestDecoder interest = new InterestDecoder();
    private final MessagesDecoder messages = new MessagesDecoder();
    private final NoticeDecoder notice = new NoticeDecoder();
    private Refusal refusal = Refusal.NONE;

    /** A decoder. */
    public FrameDecoder() {
    }

    /** Why the last {@link #decode} returned null. */
    public Refusal refusal() {
        return refusal;
    }

    /** Where the payload of the last decoded frame starts, in the buffer given. */
    public int payloadOffset() {
        return header.payloadOffset();
    }

    /** Length of that payload in bytes. */
    public int payloadLength() {
        return header.payloadLength();
    }

    /**
     * Reads the frame in {@code [offset, offset + length)}.
     *
     * @return null if it is none of {@code jetstream.api.frame}; see {@link #refusal}
     */
    public Frame decode(final DirectBuffer buffer, final int offset, final int length) {
        refusal = header.wrap(buffer, offset, length);
        if (refusal != Refusal.NONE) {
            return null;
        }
        final int least = leastBlockLength(header.templateId());
        if (least < 0) {
            return refuse(Refusal.UNKNOWN_FRAME);
        }
        if (header.blockLength() < least) {
            return refuse(Refusal.SHORT_BLOCK);
        }
        return decodeBlock(buffer, header.blockOffset(), header.blockLength(), header.version());
    }

    /** Length of the block as the frame's first version had it; -1 for a template that is not known. */
    private static int leastBlockLength(final int templateId) {
        return switch (templateId) {
            case VoteRequestDecoder.TEMPLATE_ID -> VoteRequestDecoder.BLOCK_LENGTH;
            case VoteReplyDecoder.TEMPLATE_ID -> VoteReplyDecoder.BLOCK_LENGTH;
            case AppendDecoder.TEMPLATE_ID -> AppendDecoder.BLOCK_LENGTH;
            case AppendReplyDecoder.TEMPLATE_ID -> AppendReplyDecoder.BLOCK_LENGTH;
            case TimeoutNowDecoder.TEMPLATE_ID -> TimeoutNowDecoder.BLOCK_LENGTH;
            case CatchupDecoder.TEMPLATE_ID -> CatchupDecoder.BLOCK_LENGTH;
            case CatchupReplyDecoder.TEMPLATE_ID -> CatchupReplyDecoder.BLOCK_LENGTH;
            case StateHashDecoder.TEMPLATE_ID -> StateHashDecoder.BLOCK_LENGTH;
            case EntryRequestDecoder.TEMPLATE_ID -> EntryRequestDecoder.BLOCK_LENGTH;
            case EntryReplyDecoder.TEMPLATE_ID -> EntryReplyDecoder.BLOCK_LENGTH;
            case HeartbeatDecoder.TEMPLATE_ID -> HeartbeatDecoder.BLOCK_LENGTH;
            case HeartbeatReplyDecoder.TEMPLATE_ID -> HeartbeatReplyDecoder.fullStoresEncodingOffset();
            case InterestDecoder.TEMPLATE_ID -> InterestDecoder.BLOCK_LENGTH;
            case MessagesDecoder.TEMPLATE_ID -> MessagesDecoder.BLOCK_LENGTH;
            case NoticeDecoder.TEMPLATE_ID -> NoticeDecoder.BLOCK_LENGTH;
            default -> -1;
        };
    }

    private Frame decodeBlock(final DirectBuffer buffer, final int offset, final int blockLength, final int version) {
        return switch (header.templateId()) {
            case HeartbeatDecoder.TEMPLATE_ID -> {
                heartbeat.wrap(buffer, offset, blockLength, version);
                yield new NodeFrame.Heartbeat(heartbeat.bootId(), heartbeat.sentNs());
            }
            case HeartbeatReplyDecoder.TEMPLATE_ID -> {
                heartbeatReply.wrap(buffer, offset, blockLength, version);
                final int fullStores = blockLength < HeartbeatReplyDecoder.BLOCK_LENGTH ? 0 // before version 3
                        : heartbeatReply.fullStores();
                yield new NodeFrame.HeartbeatReply(heartbeatReply.bootId(), heartbeatReply.echoBootId(),
                        heartbeatReply.echoSentNs(), fullStores);
            }
            case InterestDecoder.TEMPLATE_ID -> {
                interest.wrap(buffer, offset, blockLength, version);
                yield counted(interest.count(), new RouteFrame.Interest(isYes(interest.replacesRaw()),
                        interest.count()));
            }
            case MessagesDecoder.TEMPLATE_ID -> {
                messages.wrap(buffer, offset, blockLength, version);
                yield counted(messages.count(), new RouteFrame.Messages(messages.count()));
            }
            case NoticeDecoder.TEMPLATE_ID -> {
                notice.wrap(buffer, offset, blockLength, version);
                yield new RouteFrame.Notice(notice.kind());
            }
            case AppendDecoder.TEMPLATE_ID, AppendReplyDecoder.TEMPLATE_ID, CatchupDecoder.TEMPLATE_ID,
                    CatchupReplyDecoder.TEMPLATE_ID ->
                decodeLog(buffer, offset, blockLength, version);
            case StateHashDecoder.TEMPLATE_ID, EntryRequestDecoder.TEMPLATE_ID, EntryReplyDecoder.TEMPLATE_ID ->
                decodeCare(buffer, offset, blockLength, version);
            default -> decodeElection(buffer, offset, blockLength, version);
        };
    }

    private Frame decodeLog(final DirectBuffer buffer, final int offset, final int blockLength, final int version) {
        return switch (header.templateId()) {
            case AppendDecoder.TEMPLATE_ID -> {
                append.wrap(buffer, offset, blockLength, version);
                yield counted(append.count(), new RaftFrame.Append(append.group(), append.term(), append.prevIndex(),
                        append.prevTerm(), append.commitIndex(), append.count(), append.readContext()));
            }
            case AppendReplyDecoder.TEMPLATE_ID -> {
                appendReply.wrap(buffer, offset, blockLength, version);
                yield new RaftFrame.AppendReply(appendReply.group(), appendReply.term(),
                        isYes(appendReply.acceptedRaw()),
                        appendReply.matchIndex(), appendReply.lastIndex(), appendReply.readContext());
            }
            case CatchupDecoder.TEMPLATE_ID -> {
                catchup.wrap(buffer, offset, blockLength, version);
                final RaftFrame.Catchup frame = new RaftFrame.Catchup(catchup.group(), catchup.term(),
                        catchup.checkpointIndex(), catchup.checkpointTerm(), catchup.kind(), catchup.piece(),
                        catchup.count(), isYes(catchup.lastRaw()));
                yield frame.kind() == RaftFrame.Catchup.IMAGE || frame.kind() == RaftFrame.Catchup.RECORDS
                        ? counted(frame.count(), frame) : refuse(Refusal.BAD_VALUE);
            }
            default -> {
                catchupReply.wrap(buffer, offset, blockLength, version);
                yield new RaftFrame.CatchupReply(catchupReply.group(), catchupReply.term(),
                        catchupReply.checkpointIndex(), catchupReply.piece(), isYes(catchupReply.doneRaw()));
            }
        };
    }

    /** Frames by which the members of a group look after each other's data. */
    private Frame decodeCare(final DirectBuffer buffer, final int offset, final int blockLength, final int version) {
        return switch (header.templateId()) {
            case StateHashDecoder.TEMPLATE_ID -> {
                stateHash.wrap(buffer, offset, blockLength, version);
                final byte kind = stateHash.kind();
                yield kind >= RaftFrame.StateHash.ASK && kind <= RaftFrame.StateHash.DIVERGED
                        ? new RaftFrame.StateHash(stateHash.group(), stateHash.term(), kind, stateHash.index(),
                                stateHash.hash())
                        : refuse(Refusal.BAD_VALUE);
            }
            case EntryRequestDecoder.TEMPLATE_ID -> {
                entryRequest.wrap(buffer, offset, blockLength, version);
                yield new RaftFrame.EntryRequest(entryRequest.group(), entryRequest.term(), entryRequest.index());
            }
            default -> {
                entryReply.wrap(buffer, offset, blockLength, version);
                yield counted(entryReply.count(), new RaftFrame.EntryReply(entryReply.group(), entryReply.term(),
                        entryReply.index(), entryReply.count()));
            }
        };
    }

    private Frame decodeElection(final DirectBuffer buffer, final int offset, final int blockLength,
            final int version) {
        return switch (header.templateId()) {
            case VoteRequestDecoder.TEMPLATE_ID -> {
                voteRequest.wrap(buffer, offset, blockLength, version);
                yield new RaftFrame.VoteRequest(voteRequest.group(), voteRequest.term(),
                        isYes(voteRequest.preVoteRaw()),
                        isYes(voteRequest.transferRaw()), voteRequest.lastIndex(), voteRequest.lastTerm());
            }
            case VoteReplyDecoder.TEMPLATE_ID -> {
                voteReply.wrap(buffer, offset, blockLength, version);
                yield new RaftFrame.VoteReply(voteReply.group(), voteReply.term(), isYes(voteReply.preVoteRaw()),
                        isYes(voteReply.grantedRaw()));
            }
            default -> {
                timeoutNow.wrap(buffer, offset, blockLength, version);
                yield new RaftFrame.TimeoutNow(timeoutNow.group(), timeoutNow.term());
            }
        };
    }

    private Frame counted(final int count, final Frame frame) {
        return count < 0 ? refuse(Refusal.BAD_VALUE) : frame;
    }

    private Frame refuse(final Refusal why) {
        refusal = why;
        return null;
    }

    private static boolean isYes(final short raw) {
        return raw == YES;
    }
}
