/** Value types, configuration records, the error table and the three SPIs. JDK types only. */
module jetstream.api {
}
