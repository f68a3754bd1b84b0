package jetstream.wire;

import jetstream.api.frame.Frame;
import jetstream.api.frame.NodeFrame;
import jetstream.api.frame.RaftFrame;
import jetstream.api.frame.RouteFrame;
import jetstream.wire.codec.AppendEncoder;
import jetstream.wire.codec.AppendReplyEncoder;
import jetstream.wire.codec.CatchupEncoder;
import jetstream.wire.codec.CatchupReplyEncoder;
import jetstream.wire.codec.EntryReplyEncoder;
import jetstream.wire.codec.EntryRequestEncoder;
import jetstream.wire.codec.Flag;
import jetstream.wire.codec.HeartbeatEncoder;
import jetstream.wire.codec.HeartbeatReplyEncoder;
import jetstream.wire.codec.InterestEncoder;
import jetstream.wire.codec.MessageHeaderEncoder;
import jetstream.wire.codec.MessagesEncoder;
import jetstream.wire.codec.NoticeEncoder;
import jetstream.wire.codec.StateHashEncoder;
import jetstream.wire.codec.TimeoutNowEncoder;
import jetstream.wire.codec.VoteReplyEncoder;
import jetstream.wire.codec.VoteRequestEncoder;
import org.agrona.MutableDirectBuffer;

/**
 * Writes the head of a frame – header and root block; the caller puts the payload right behind it. Allocates nothing.
 * Owner: one thread.
 */
public final class FrameEncoder {
    /** Room that any frame's head fits into, in bytes. */
    public static final int HEAD_LENGTH_MAX = 96;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final VoteRequestEncoder voteRequest = new VoteRequestEncoder();
    private final VoteReplyEncoder voteReply = new VoteReplyEncoder();
    private final AppendEncoder append = new AppendEncoder();
    private final AppendReplyEncoder appendReply = new AppendReplyEncoder();
    private final TimeoutNowEncoder timeoutNow = new TimeoutNowEncoder();
    private final CatchupEncoder catchup = new CatchupEncoder();
    private final CatchupReplyEncoder catchupReply = new CatchupReplyEncoder();
    private final StateHashEncoder stateHash = new StateHashEncoder();
    private final EntryRequestEncoder entryRequest = new EntryRequestEncoder();
    private final EntryReplyEncoder entryReply = new EntryReplyEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final HeartbeatReplyEncoder heartbeatReply = new HeartbeatReplyEncoder();
    private final InterestEncoder interest = new InterestEncoder();
    private final MessagesEncoder messages = new MessagesEncoder();
    private final NoticeEncoder notice = new NoticeEncoder();

    /** An encoder. */
    public FrameEncoder() {
    }

    /** Length in bytes of the head of that frame. */
    public static int headLength(final Frame frame) {
        return MessageHeaderEncoder.ENCODED_LENGTH + switch (frame) {
            case RaftFrame.VoteRequest f -> VoteRequestEncoder.BLOCK_LENGTH;
            case RaftFrame.VoteReply f -> VoteReplyEncoder.BLOCK_LENGTH;
            case RaftFrame.Append f -> AppendEncoder.BLOCK_LENGTH;
            case RaftFrame.AppendReply f -> AppendReplyEncoder.BLOCK_LENGTH;
            case RaftFrame.TimeoutNow f -> TimeoutNowEncoder.BLOCK_LENGTH;
            case RaftFrame.Catchup f -> CatchupEncoder.BLOCK_LENGTH;
            case RaftFrame.CatchupReply f -> CatchupReplyEncoder.BLOCK_LENGTH;
            case RaftFrame.StateHash f -> StateHashEncoder.BLOCK_LENGTH;
            case RaftFrame.EntryRequest f -> EntryRequestEncoder.BLOCK_LENGTH;
            case RaftFrame.EntryReply f -> EntryReplyEncoder.BLOCK_LENGTH;
            case NodeFrame.Heartbeat f -> HeartbeatEncoder.BLOCK_LENGTH;
            case NodeFrame.HeartbeatReply f -> HeartbeatReplyEncoder.BLOCK_LENGTH;
            case RouteFrame.Interest f -> InterestEncoder.BLOCK_LENGTH;
            case RouteFrame.Messages f -> MessagesEncoder.BLOCK_LENGTH;
            case RouteFrame.Notice f -> NoticeEncoder.BLOCK_LENGTH;
        };
    }

    /**
     * Writes the head at {@code offset}.
     *
     * @return its length in bytes, as {@link #headLength}
     */
    public int encode(final Frame frame, final MutableDirectBuffer buffer, final int offset) {
        switch (frame) {
            case RaftFrame f -> encodeRaft(f, buffer, offset);
            case NodeFrame.Heartbeat f -> heartbeat.wrapAndApplyHeader(buffer, offset, header)
                    .bootId(f.bootId()).sentNs(f.sentNs());
            case NodeFrame.HeartbeatReply f -> heartbeatReply.wrapAndApplyHeader(buffer, offset, header)
                    .bootId(f.bootId()).echoBootId(f.echoBootId()).echoSentNs(f.echoSentNs())
                    .fullStores((byte) f.fullStores());
            case RouteFrame.Interest f -> interest.wrapAndApplyHeader(buffer, offset, header)
                    .count(f.count()).replaces(flag(f.snapshot()));
            case RouteFrame.Messages f -> messages.wrapAndApplyHeader(buffer, offset, header).count(f.count());
            case RouteFrame.Notice f -> notice.wrapAndApplyHeader(buffer, offset, header).kind(f.kind());
        }
        return headLength(frame);
    }

    private void encodeRaft(final RaftFrame frame, final MutableDirectBuffer buffer, final int offset) {
        switch (frame) {
            case RaftFrame.VoteRequest f -> voteRequest.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).lastIndex(f.lastIndex()).lastTerm(f.lastTerm())
                    .preVote(flag(f.preVote())).transfer(flag(f.transfer()));
            case RaftFrame.VoteReply f -> voteReply.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).preVote(flag(f.preVote())).granted(flag(f.granted()));
            case RaftFrame.Append f -> append.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).prevIndex(f.prevIndex()).prevTerm(f.prevTerm())
                    .commitIndex(f.commitIndex()).readContext(f.readContext()).count(f.count());
            case RaftFrame.AppendReply f -> appendReply.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).matchIndex(f.matchIndex()).lastIndex(f.lastIndex())
                    .readContext(f.readContext()).accepted(flag(f.accepted()));
            case RaftFrame.TimeoutNow f -> timeoutNow.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term());
            case RaftFrame.Catchup f -> catchup.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).checkpointIndex(f.checkpointIndex())
                    .checkpointTerm(f.checkpointTerm()).piece(f.offset()).count(f.count()).kind(f.kind())
                    .last(flag(f.last()));
            case RaftFrame.CatchupReply f -> catchupReply.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).checkpointIndex(f.checkpointIndex()).piece(f.offset())
                    .done(flag(f.done()));
            case RaftFrame.StateHash f -> stateHash.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).index(f.index()).hash(f.hash()).kind(f.kind());
            case RaftFrame.EntryRequest f -> entryRequest.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).index(f.index());
            case RaftFrame.EntryReply f -> entryReply.wrapAndApplyHeader(buffer, offset, header)
                    .group(f.group()).term(f.term()).index(f.index()).count(f.count());
        }
    }

    private static Flag flag(final boolean yes) {
        return yes ? Flag.YES : Flag.NO;
    }
}
