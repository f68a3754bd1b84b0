package jetstream.api.error;

/**
 * Every error that the JetStream API answers with: HTTP-like code, {@code err_code} and text. The texts are part of the
 * interface (spec/errors.csv); {@code {gaps}} are filled by {@link #with}.
 */
public enum ApiError {
    /** 10002. */
    ACCOUNT_RESOURCES_EXCEEDED(400, 10002, "resource limits exceeded for account"),
    /** 10003. */
    BAD_REQUEST(400, 10003, "bad request"),
    /** 10004. */
    CLUSTER_INCOMPLETE(503, 10004, "incomplete results"),
    /** 10005. */
    CLUSTER_NO_PEERS(400, 10005, "{err}"),
    /** 10006. */
    CLUSTER_NOT_ACTIVE(500, 10006, "JetStream not in clustered mode"),
    /** 10007. */
    CLUSTER_NOT_ASSIGNED(500, 10007, "JetStream cluster not assigned to this server"),
    /** 10008. */
    CLUSTER_NOT_AVAIL(503, 10008, "JetStream system temporarily unavailable"),
    /** 10009. */
    CLUSTER_NOT_LEADER(500, 10009, "JetStream cluster can not handle request"),
    /** 10010. */
    CLUSTER_REQUIRED(503, 10010, "JetStream clustering support required"),
    /** 10011. */
    CLUSTER_TAGS(400, 10011, "tags placement not supported for operation"),
    /** 10012. */
    CONSUMER_CREATE(500, 10012, "{err}"),
    /** 10013. */
    CONSUMER_NAME_EXIST(400, 10013, "consumer name already in use"),
    /** 10014. */
    CONSUMER_NOT_FOUND(404, 10014, "consumer not found"),
    /** 10015. */
    SNAPSHOT_DELIVER_SUBJECT_INVALID(400, 10015, "deliver subject not valid"),
    /** 10016. */
    CONSUMER_DURABLE_NAME_NOT_IN_SUBJECT(400, 10016,
            "consumer expected to be durable but no durable name set in subject"),
    /** 10017. */
    CONSUMER_DURABLE_NAME_NOT_MATCH_SUBJECT(400, 10017,
            "consumer name in subject does not match durable name in request"),
    /** 10018. */
    CONSUMER_DURABLE_NAME_NOT_SET(400, 10018, "consumer expected to be durable but a durable name was not set"),
    /** 10019. */
    CONSUMER_EPHEMERAL_WITH_DURABLE_IN_SUBJECT(400, 10019,
            "consumer expected to be ephemeral but detected a durable name set in subject"),
    /** 10020. */
    CONSUMER_EPHEMERAL_WITH_DURABLE_NAME(400, 10020,
            "consumer expected to be ephemeral but a durable name was set in request"),
    /** 10021. */
    STREAM_EXTERNAL_API_OVERLAP(400, 10021, "stream external api prefix {prefix} must not overlap with {subject}"),
    /** 10022. */
    STREAM_EXTERNAL_DEL_PREFIX_OVERLAPS(400, 10022,
            "stream external delivery prefix {prefix} overlaps with stream subject {subject}"),
    /** 10023. */
    INSUFFICIENT_RESOURCES(503, 10023, "insufficient resources"),
    /** 10024. */
    STREAM_INVALID_EXTERNAL_DELIVERY_SUBJ(400, 10024,
            "stream external delivery prefix {prefix} must not contain wildcards"),
    /** 10025. */
    INVALID_JSON(400, 10025, "invalid JSON: {err}"),
    /** 10026. */
    MAXIMUM_CONSUMERS_LIMIT(400, 10026, "maximum consumers limit reached"),
    /** 10027. */
    MAXIMUM_STREAMS_LIMIT(400, 10027, "maximum number of streams reached"),
    /** 10028. */
    MEMORY_RESOURCES_EXCEEDED(500, 10028, "insufficient memory resources available"),
    /** 10029. */
    MIRROR_CONSUMER_SETUP_FAILED(500, 10029, "{err}"),
    /** 10030. */
    MIRROR_MAX_MESSAGE_SIZE_TOO_BIG(400, 10030, "stream mirror must have max message size >= source"),
    /** 10031. */
    MIRROR_WITH_SOURCES(400, 10031, "stream mirrors can not also contain other sources"),
    /** 10032. */
    MIRROR_WITH_START_SEQ_AND_TIME(400, 10032, "stream mirrors can not have both start seq and start time configured"),
    /** 10033. */
    MIRROR_WITH_SUBJECT_FILTERS(400, 10033, "stream mirrors can not contain filtered subjects"),
    /** 10034. */
    MIRROR_WITH_SUBJECTS(400, 10034, "stream mirrors can not contain subjects"),
    /** 10035. */
    NO_ACCOUNT(503, 10035, "account not found"),
    /** 10036. */
    CLUSTER_UN_SUPPORT_FEATURE(503, 10036, "not currently supported in clustered mode"),
    /** 10037. */
    NO_MESSAGE_FOUND(404, 10037, "no message found"),
    /** 10038. */
    NOT_EMPTY_REQUEST(400, 10038, "expected an empty request payload"),
    /** 10039. */
    NOT_ENABLED_FOR_ACCOUNT(503, 10039, "JetStream not enabled for account"),
    /** 10040. */
    CLUSTER_PEER_NOT_MEMBER(400, 10040, "peer not a member"),
    /** 10041. */
    RAFT_GENERAL(500, 10041, "{err}"),
    /** 10042. */
    RESTORE_SUBSCRIBE_FAILED(500, 10042, "JetStream unable to subscribe to restore snapshot {subject}: {err}"),
    /** 10043. */
    SEQUENCE_NOT_FOUND(400, 10043, "sequence {seq} not found"),
    /** 10044. */
    CLUSTER_SERVER_NOT_MEMBER(400, 10044, "server is not a member of the cluster"),
    /** 10045. */
    SOURCE_CONSUMER_SETUP_FAILED(500, 10045, "{err}"),
    /** 10046. */
    SOURCE_MAX_MESSAGE_SIZE_TOO_BIG(400, 10046, "stream source must have max message size >= target"),
    /** 10047. */
    STORAGE_RESOURCES_EXCEEDED(500, 10047, "insufficient storage resources available"),
    /** 10048. */
    STREAM_ASSIGNMENT(500, 10048, "{err}"),
    /** 10049. */
    STREAM_CREATE(500, 10049, "{err}"),
    /** 10050. */
    STREAM_DELETE(500, 10050, "{err}"),
    /** 10051. */
    STREAM_GENERAL_ERROR(500, 10051, "{err}"),
    /** 10052. */
    STREAM_INVALID_CONFIG(500, 10052, "{err}"),
    /** 10053. */
    STREAM_LIMITS(500, 10053, "{err}"),
    /** 10054. */
    STREAM_MESSAGE_EXCEEDS_MAXIMUM(400, 10054, "message size exceeds maximum allowed"),
    /** 10055. */
    STREAM_MIRROR_NOT_UPDATABLE(400, 10055, "stream mirror configuration can not be updated"),
    /** 10056. */
    STREAM_MISMATCH(400, 10056, "stream name in subject does not match request"),
    /** 10057. */
    STREAM_MSG_DELETE_FAILED(500, 10057, "{err}"),
    /** 10058. */
    STREAM_NAME_EXIST(400, 10058, "stream name already in use with a different configuration"),
    /** 10059. */
    STREAM_NOT_FOUND(404, 10059, "stream not found"),
    /** 10060. */
    STREAM_NOT_MATCH(400, 10060, "expected stream does not match"),
    /** 10061. */
    STREAM_REPLICAS_NOT_UPDATABLE(400, 10061, "Replicas configuration can not be updated"),
    /** 10062. */
    STREAM_RESTORE(500, 10062, "restore failed: {err}"),
    /** 10063. */
    STREAM_SEQUENCE_NOT_MATCH(503, 10063, "expected stream sequence does not match"),
    /** 10064. */
    STREAM_SNAPSHOT(500, 10064, "snapshot failed: {err}"),
    /** 10065. */
    STREAM_SUBJECT_OVERLAP(400, 10065, "subjects overlap with an existing stream"),
    /** 10066. */
    STREAM_TEMPLATE_CREATE(500, 10066, "{err}"),
    /** 10067. */
    STREAM_TEMPLATE_DELETE(500, 10067, "{err}"),
    /** 10068. */
    STREAM_TEMPLATE_NOT_FOUND(404, 10068, "template not found"),
    /** 10069. */
    STREAM_UPDATE(500, 10069, "{err}"),
    /** 10070. */
    STREAM_WRONG_LAST_MSG_ID(400, 10070, "wrong last msg ID: {id}"),
    /** 10071. */
    STREAM_WRONG_LAST_SEQUENCE(400, 10071, "wrong last sequence: {seq}"),
    /** 10072. */
    TEMP_STORAGE_FAILED(500, 10072, "JetStream unable to open temp storage for restore"),
    /** 10073. */
    TEMPLATE_NAME_NOT_MATCH_SUBJECT(400, 10073, "template name in subject does not match request"),
    /** 10074. */
    STREAM_REPLICAS_NOT_SUPPORTED(500, 10074, "replicas > 1 not supported in non-clustered mode"),
    /** 10075. */
    PEER_REMAP(503, 10075, "peer remap failed"),
    /** 10076. */
    NOT_ENABLED(503, 10076, "JetStream not enabled"),
    /** 10077. */
    STREAM_STORE_FAILED(503, 10077, "{err}"),
    /** 10078. */
    CONSUMER_CONFIG_REQUIRED(400, 10078, "consumer config required"),
    /** 10079. */
    CONSUMER_DELIVER_TO_WILDCARDS(400, 10079, "consumer deliver subject has wildcards"),
    /** 10080. */
    CONSUMER_PUSH_MAX_WAITING(400, 10080, "consumer in push mode can not set max waiting"),
    /** 10081. */
    CONSUMER_DELIVER_CYCLE(400, 10081, "consumer deliver subject forms a cycle"),
    /** 10082. */
    CONSUMER_MAX_PENDING_ACK_POLICY_REQUIRED(400, 10082, "consumer requires ack policy for max ack pending"),
    /** 10083. */
    CONSUMER_SMALL_HEARTBEAT(400, 10083, "consumer idle heartbeat needs to be >= 100ms"),
    /** 10084. */
    CONSUMER_PULL_REQUIRES_ACK(400, 10084, "consumer in pull mode requires explicit ack policy on workqueue stream"),
    /** 10085. */
    CONSUMER_PULL_NOT_DURABLE(400, 10085, "consumer in pull mode requires a durable name"),
    /** 10086. */
    CONSUMER_PULL_WITH_RATE_LIMIT(400, 10086, "consumer in pull mode can not have rate limit set"),
    /** 10087. */
    CONSUMER_MAX_WAITING_NEGATIVE(400, 10087, "consumer max waiting needs to be positive"),
    /** 10088. */
    CONSUMER_HB_REQUIRES_PUSH(400, 10088, "consumer idle heartbeat requires a push based consumer"),
    /** 10089. */
    CONSUMER_FC_REQUIRES_PUSH(400, 10089, "consumer flow control requires a push based consumer"),
    /** 10090. */
    CONSUMER_DIRECT_REQUIRES_PUSH(400, 10090, "consumer direct requires a push based consumer"),
    /** 10091. */
    CONSUMER_DIRECT_REQUIRES_EPHEMERAL(400, 10091, "consumer direct requires an ephemeral consumer"),
    /** 10092. */
    CONSUMER_ON_MAPPED(400, 10092, "consumer direct on a mapped consumer"),
    /** 10093. */
    CONSUMER_FILTER_NOT_SUBSET(400, 10093, "consumer filter subject is not a valid subset of the interest subjects"),
    /** 10094. */
    CONSUMER_INVALID_POLICY(400, 10094, "{err}"),
    /** 10095. */
    CONSUMER_INVALID_SAMPLING(400, 10095, "failed to parse consumer sampling configuration: {err}"),
    /** 10096. */
    STREAM_INVALID(500, 10096, "stream not valid"),
    /** 10097. */
    STREAM_HEADER_EXCEEDS_MAXIMUM(400, 10097, "header size exceeds maximum allowed of 64k"),
    /** 10098. */
    CONSUMER_WQ_REQUIRES_EXPLICIT_ACK(400, 10098, "workqueue stream requires explicit ack"),
    /** 10099. */
    CONSUMER_WQ_MULTIPLE_UNFILTERED(400, 10099, "multiple non-filtered consumers not allowed on workqueue stream"),
    /** 10100. */
    CONSUMER_WQ_CONSUMER_NOT_UNIQUE(400, 10100, "filtered consumer not unique on workqueue stream"),
    /** 10101. */
    CONSUMER_WQ_CONSUMER_NOT_DELIVER_ALL(400, 10101, "consumer must be deliver all on workqueue stream"),
    /** 10102. */
    CONSUMER_NAME_TOO_LONG(400, 10102, "consumer name is too long, maximum allowed is {max}"),
    /** 10103. */
    CONSUMER_BAD_DURABLE_NAME(400, 10103, "durable name can not contain '.', '*', '>'"),
    /** 10104. */
    CONSUMER_STORE_FAILED(500, 10104, "error creating store for consumer: {err}"),
    /** 10105. */
    CONSUMER_EXISTING_ACTIVE(400, 10105, "consumer already exists and is still active"),
    /** 10106. */
    CONSUMER_REPLACEMENT_WITH_DIFFERENT_NAME(400, 10106, "consumer replacement durable config not the same"),
    /** 10107. */
    CONSUMER_DESCRIPTION_TOO_LONG(400, 10107, "consumer description is too long, maximum allowed is {max}"),
    /** 10108. */
    CONSUMER_WITH_FLOW_CONTROL_NEEDS_HEARTBEATS(400, 10108, "consumer with flow control also needs heartbeats"),
    /** 10109. */
    STREAM_SEALED(400, 10109, "invalid operation on sealed stream"),
    /** 10110. */
    STREAM_PURGE_FAILED(500, 10110, "{err}"),
    /** 10111. */
    STREAM_ROLLUP_FAILED(500, 10111, "{err}"),
    /** 10112. */
    CONSUMER_INVALID_DELIVER_SUBJECT(400, 10112, "invalid push consumer deliver subject"),
    /** 10113. */
    STREAM_MAX_BYTES_REQUIRED(400, 10113, "account requires a stream config to have max bytes set"),
    /** 10114. */
    CONSUMER_MAX_REQUEST_BATCH_NEGATIVE(400, 10114, "consumer max request batch needs to be > 0"),
    /** 10115. */
    CONSUMER_MAX_REQUEST_EXPIRES_TOO_SMALL(400, 10115, "consumer max request expires needs to be >= 1ms"),
    /** 10116. */
    CONSUMER_MAX_DELIVER_BACKOFF(400, 10116, "max deliver is required to be > length of backoff values"),
    /** 10117. */
    STREAM_INFO_MAX_SUBJECTS(500, 10117, "subject details would exceed maximum allowed"),
    /** 10118. */
    STREAM_OFFLINE(500, 10118, "stream is offline"),
    /** 10119. */
    CONSUMER_OFFLINE(500, 10119, "consumer is offline"),
    /** 10120. */
    NO_LIMITS(400, 10120, "no JetStream default or applicable tiered limit present"),
    /** 10121. */
    CONSUMER_MAX_PENDING_ACK_EXCESS(400, 10121, "consumer max ack pending exceeds system limit of {limit}"),
    /** 10122. */
    STREAM_MAX_STREAM_BYTES_EXCEEDED(400, 10122, "stream max bytes exceeds account limit max stream bytes"),
    /** 10123. */
    STREAM_MOVE_AND_SCALE(400, 10123, "can not move and scale a stream in a single update"),
    /** 10124. */
    STREAM_MOVE_IN_PROGRESS(400, 10124, "stream move already in progress"),
    /** 10125. */
    CONSUMER_MAX_REQUEST_BATCH_EXCEEDED(400, 10125, "consumer max request batch exceeds server limit of {limit}"),
    /** 10126. */
    CONSUMER_REPLICAS_EXCEEDS_STREAM(400, 10126, "consumer config replica count exceeds parent stream"),
    /** 10127. */
    CONSUMER_NAME_CONTAINS_PATH_SEPARATORS(400, 10127, "Consumer name can not contain path separators"),
    /** 10128. */
    STREAM_NAME_CONTAINS_PATH_SEPARATORS(400, 10128, "Stream name can not contain path separators"),
    /** 10129. */
    STREAM_RECONFIGURE_NOT_IN_PROGRESS(400, 10129, "stream reconfiguration not in progress"),
    /** 10130. */
    STREAM_NAME_EXIST_RESTORE_FAILED(400, 10130, "stream name already in use, cannot restore"),
    /** 10131. */
    CONSUMER_CREATE_FILTER_SUBJECT_MISMATCH(400, 10131,
            "Consumer create request did not match filtered subject from create subject"),
    /** 10132. */
    CONSUMER_CREATE_DURABLE_AND_NAME_MISMATCH(400, 10132,
            "Consumer Durable and Name have to be equal if both are provided"),
    /** 10133. */
    REPLICAS_COUNT_CANNOT_BE_NEGATIVE(400, 10133, "replicas count cannot be negative"),
    /** 10134. */
    CONSUMER_REPLICAS_SHOULD_MATCH_STREAM(400, 10134,
            "consumer config replicas must match interest retention stream's replicas"),
    /** 10135. */
    CONSUMER_METADATA_LENGTH(400, 10135, "consumer metadata exceeds maximum size of {limit}"),
    /** 10136. */
    CONSUMER_DUPLICATE_FILTER_SUBJECTS(400, 10136,
            "consumer cannot have both FilterSubject and FilterSubjects specified"),
    /** 10137. */
    CONSUMER_MULTIPLE_FILTERS_NOT_ALLOWED(400, 10137,
            "consumer with multiple subject filters cannot use subject based API"),
    /** 10138. */
    CONSUMER_OVERLAPPING_SUBJECT_FILTERS(400, 10138, "consumer subject filters cannot overlap"),
    /** 10139. */
    CONSUMER_EMPTY_FILTER(400, 10139, "consumer filter in FilterSubjects cannot be empty"),
    /** 10140. */
    SOURCE_DUPLICATE_DETECTED(400, 10140, "duplicate source configuration detected"),
    /** 10141. */
    SOURCE_INVALID_STREAM_NAME(400, 10141, "sourced stream name is invalid"),
    /** 10142. */
    MIRROR_INVALID_STREAM_NAME(400, 10142, "mirrored stream name is invalid"),
    /** 10143. */
    MIRROR_WITH_FIRST_SEQ(400, 10143, "stream mirrors can not have first sequence configured"),
    /** 10144. */
    SOURCE_MULTIPLE_FILTERS_NOT_ALLOWED(400, 10144,
            "source with multiple subject transforms cannot also have a single subject filter"),
    /** 10145. */
    SOURCE_INVALID_SUBJECT_FILTER(400, 10145, "source transform source: {err}"),
    /** 10146. */
    SOURCE_INVALID_TRANSFORM_DESTINATION(400, 10146, "source transform: {err}"),
    /** 10147. */
    SOURCE_OVERLAPPING_SUBJECT_FILTERS(400, 10147, "source filters can not overlap"),
    /** 10148. */
    CONSUMER_ALREADY_EXISTS(400, 10148, "consumer already exists"),
    /** 10149. */
    CONSUMER_DOES_NOT_EXIST(400, 10149, "consumer does not exist"),
    /** 10150. */
    MIRROR_MULTIPLE_FILTERS_NOT_ALLOWED(400, 10150,
            "mirror with multiple subject transforms cannot also have a single subject filter"),
    /** 10151. */
    MIRROR_INVALID_SUBJECT_FILTER(400, 10151, "mirror transform source: {err}"),
    /** 10152. */
    MIRROR_OVERLAPPING_SUBJECT_FILTERS(400, 10152, "mirror subject filters can not overlap"),
    /** 10153. */
    CONSUMER_INACTIVE_THRESHOLD_EXCESS(400, 10153, "consumer inactive threshold exceeds system limit of {limit}"),
    /** 10154. */
    MIRROR_INVALID_TRANSFORM_DESTINATION(400, 10154, "mirror transform: {err}"),
    /** 10155. */
    STREAM_TRANSFORM_INVALID_SOURCE(400, 10155, "stream transform source: {err}"),
    /** 10156. */
    STREAM_TRANSFORM_INVALID_DESTINATION(400, 10156, "stream transform: {err}"),
    /** 10157. */
    PEDANTIC(400, 10157, "pedantic mode: {err}"),
    /** 10158. */
    STREAM_DUPLICATE_MESSAGE_CONFLICT(409, 10158, "duplicate message id is in process"),
    /** 10159. */
    CONSUMER_PRIORITY_POLICY_WITHOUT_GROUP(400, 10159,
            "Setting PriorityPolicy requires at least one PriorityGroup to be set"),
    /** 10160. */
    CONSUMER_INVALID_PRIORITY_GROUP(400, 10160, "Provided priority group does not exist for this consumer"),
    /** 10161. */
    CONSUMER_EMPTY_GROUP_NAME(400, 10161, "Group name cannot be an empty string"),
    /** 10162. */
    CONSUMER_INVALID_GROUP_NAME(400, 10162,
            "Valid priority group name must match A-Z, a-z, 0-9, -_/=)+ and may not exceed 16 characters"),
    /** 10163. */
    STREAM_EXPECTED_LAST_SEQ_PER_SUBJECT_NOT_READY(503, 10163,
            "expected last sequence per subject temporarily unavailable"),
    /** 10164. */
    STREAM_WRONG_LAST_SEQUENCE_CONSTANT(400, 10164, "wrong last sequence"),
    /** 10165. */
    MESSAGE_TTL_INVALID(400, 10165, "invalid per-message TTL"),
    /** 10166. */
    MESSAGE_TTL_DISABLED(400, 10166, "per-message TTL is disabled"),
    /** 10167. */
    STREAM_TOO_MANY_REQUESTS(429, 10167, "too many requests"),
    /** 10168. */
    MESSAGE_INCR_DISABLED(400, 10168, "message counters is disabled"),
    /** 10169. */
    MESSAGE_INCR_MISSING(400, 10169, "message counter increment is missing"),
    /** 10170. */
    MESSAGE_INCR_PAYLOAD(400, 10170, "message counter has payload"),
    /** 10171. */
    MESSAGE_INCR_INVALID(400, 10171, "message counter increment is invalid"),
    /** 10172. */
    MESSAGE_COUNTER_BROKEN(400, 10172, "message counter is broken"),
    /** 10173. */
    MIRROR_WITH_COUNTERS(400, 10173, "stream mirrors can not also calculate counters"),
    /** 10174. */
    ATOMIC_PUBLISH_DISABLED(400, 10174, "atomic publish is disabled"),
    /** 10175. */
    ATOMIC_PUBLISH_MISSING_SEQ(400, 10175, "atomic publish sequence is missing"),
    /** 10176. */
    ATOMIC_PUBLISH_INCOMPLETE_BATCH(400, 10176, "atomic publish batch is incomplete"),
    /** 10177. */
    ATOMIC_PUBLISH_UNSUPPORTED_HEADER_BATCH(400, 10177, "atomic publish unsupported header used: {header}"),
    /** 10178. */
    CONSUMER_PUSH_WITH_PRIORITY_GROUP(400, 10178, "priority groups can not be used with push consumers"),
    /** 10179. */
    ATOMIC_PUBLISH_INVALID_BATCH_ID(400, 10179, "atomic publish batch ID is invalid"),
    /** 10180. */
    STREAM_MIN_LAST_SEQ(412, 10180, "min last sequence"),
    /** 10181. */
    CONSUMER_ACK_POLICY_INVALID(400, 10181, "consumer ack policy invalid"),
    /** 10182. */
    CONSUMER_REPLAY_POLICY_INVALID(400, 10182, "consumer replay policy invalid"),
    /** 10183. */
    CONSUMER_ACK_WAIT_NEGATIVE(400, 10183, "consumer ack wait needs to be positive"),
    /** 10184. */
    CONSUMER_BACK_OFF_NEGATIVE(400, 10184, "consumer backoff needs to be positive"),
    /** 10185. */
    REQUIRED_API_LEVEL(412, 10185, "JetStream minimum api level required"),
    /** 10186. */
    MIRROR_WITH_MSG_SCHEDULES(400, 10186, "stream mirrors can not also schedule messages"),
    /** 10187. */
    SOURCE_WITH_MSG_SCHEDULES(400, 10187, "stream source can not also schedule messages"),
    /** 10188. */
    MESSAGE_SCHEDULES_DISABLED(400, 10188, "message schedules is disabled"),
    /** 10189. */
    MESSAGE_SCHEDULES_PATTERN_INVALID(400, 10189, "message schedules pattern is invalid"),
    /** 10190. */
    MESSAGE_SCHEDULES_TARGET_INVALID(400, 10190, "message schedules target is invalid"),
    /** 10191. */
    MESSAGE_SCHEDULES_TTL_INVALID(400, 10191, "message schedules invalid per-message TTL"),
    /** 10192. */
    MESSAGE_SCHEDULES_ROLLUP_INVALID(400, 10192, "message schedules invalid rollup"),
    /** 10193. */
    STREAM_EXPECTED_LAST_SEQ_PER_SUBJECT_INVALID(400, 10193, "missing sequence for expected last sequence per subject"),
    /** 10194. */
    STREAM_OFFLINE_REASON(500, 10194, "stream is offline: {err}"),
    /** 10195. */
    CONSUMER_OFFLINE_REASON(500, 10195, "consumer is offline: {err}"),
    /** 10196. */
    CONSUMER_PRIORITY_GROUP_WITH_POLICY_NONE(400, 10196, "consumer can not have priority groups when policy is none"),
    /** 10197. */
    CONSUMER_PINNED_TTL_WITHOUT_PRIORITY_POLICY_NONE(400, 10197, "PinnedTTL cannot be set when PriorityPolicy is none"),
    /** 10198. */
    MIRROR_WITH_ATOMIC_PUBLISH(400, 10198, "stream mirrors can not also use atomic publishing"),
    /** 10199. */
    ATOMIC_PUBLISH_TOO_LARGE_BATCH(400, 10199, "atomic publish batch is too large: {size}"),
    /** 10200. */
    ATOMIC_PUBLISH_INVALID_BATCH_COMMIT(400, 10200, "atomic publish batch commit is invalid"),
    /** 10201. */
    ATOMIC_PUBLISH_CONTAINS_DUPLICATE_MESSAGE(400, 10201, "atomic publish batch contains duplicate message id"),
    /** 10202. */
    CLUSTER_SERVER_MEMBER_CHANGE_INFLIGHT(400, 10202, "cluster member change is in progress"),
    /** 10203. */
    MESSAGE_SCHEDULES_SOURCE_INVALID(400, 10203, "message schedules source is invalid"),
    /** 10204. */
    CONSUMER_INVALID_RESET(400, 10204, "invalid reset: {err}"),
    /** 10205. */
    BATCH_PUBLISH_DISABLED(400, 10205, "batch publish is disabled"),
    /** 10206. */
    BATCH_PUBLISH_INVALID_PATTERN(400, 10206, "batch publish pattern is invalid"),
    /** 10207. */
    BATCH_PUBLISH_INVALID_BATCH_ID(400, 10207, "batch publish ID is invalid"),
    /** 10208. */
    BATCH_PUBLISH_UNKNOWN_BATCH_ID(400, 10208, "batch publish ID unknown"),
    /** 10209. */
    MIRROR_WITH_BATCH_PUBLISH(400, 10209, "stream mirrors can not also use batch publishing"),
    /** 10210. */
    ATOMIC_PUBLISH_TOO_MANY_INFLIGHT(429, 10210, "atomic publish too many inflight"),
    /** 10211. */
    BATCH_PUBLISH_TOO_MANY_INFLIGHT(429, 10211, "batch publish too many inflight"),
    /** 10212. */
    MESSAGE_SCHEDULES_SCHEDULER_INVALID(400, 10212, "message schedules invalid scheduler"),
    /** 10213. */
    MIRROR_DURABLE_CONSUMER_CFG_INVALID(400, 10213, "stream mirror consumer config is invalid"),
    /** 10214. */
    MIRROR_CONSUMER_REQUIRES_ACK_FC(400, 10214, "stream mirror consumer requires flow control ack policy"),
    /** 10215. */
    SOURCE_DURABLE_CONSUMER_CFG_INVALID(400, 10215, "stream source consumer config is invalid"),
    /** 10216. */
    SOURCE_DURABLE_CONSUMER_DUPLICATE_DETECTED(400, 10216, "duplicate stream source consumer detected"),
    /** 10217. */
    SOURCE_CONSUMER_REQUIRES_ACK_FC(400, 10217, "stream source consumer requires flow control ack policy"),
    /** 10218. */
    CONSUMER_ACK_FC_REQUIRES_PUSH(400, 10218, "flow control ack policy requires a push based consumer"),
    /** 10219. */
    CONSUMER_ACK_FC_REQUIRES_FC(400, 10219, "flow control ack policy requires flow control"),
    /** 10220. */
    CONSUMER_ACK_FC_REQUIRES_MAX_ACK_PENDING(400, 10220, "flow control ack policy requires max ack pending"),
    /** 10221. */
    CONSUMER_ACK_FC_REQUIRES_NO_ACK_WAIT(400, 10221, "flow control ack policy requires unset ack wait"),
    /** 10222. */
    CONSUMER_ACK_FC_REQUIRES_NO_MAX_DELIVER(400, 10222, "flow control ack policy requires unset max deliver"),
    /** 10223. */
    MESSAGE_SCHEDULES_TIME_ZONE_INVALID(400, 10223, "message schedules time zone is invalid"),
    /** 10224. */
    CLUSTER_RESCUE(400, 10224, "JetStream system rescue not applied: {err}"),
    /** 10225. */
    CONSUMER_STREAM_IDENTITY_MISMATCH(400, 10225, "consumer's stream identity does not match: {msg}"),
    /** 10226. */
    STREAM_RECONFIGURE_IN_PROGRESS(400, 10226, "stream reconfiguration already in progress"),
    /** 10227. */
    MESSAGE_SOURCE_HDR_NOT_ALLOWED(400, 10227, "message stream source header is not allowed"),
    /** 10228. */
    SOURCE_CONSUMER_FLOW_CONTROL_STALLED(500, 10228, "stream source consumer stalled on flow control");

    private final int code;
    private final int errCode;
    private final String text;

    ApiError(final int code, final int errCode, final String text) {
        this.code = code;
        this.errCode = errCode;
        this.text = text;
    }

    /** HTTP-like code. */
    public int code() {
        return code;
    }

    /** The number that clients compare. */
    public int errCode() {
        return errCode;
    }

    /** Text with its gaps. */
    public String text() {
        return text;
    }

    /** This error with nothing to fill in. */
    public ApiFailure failure() {
        return new ApiFailure(this, text);
    }

    /** This error with the text's gaps filled from left to right. */
    public ApiFailure with(final Object... values) {
        String filled = text;
        for (final Object value : values) {
            final int open = filled.indexOf('{');
            final int close = filled.indexOf('}', open);
            if (open < 0 || close < 0) {
                break;
            }
            filled = filled.substring(0, open) + value + filled.substring(close + 1);
        }
        return new ApiFailure(this, filled);
    }
}
