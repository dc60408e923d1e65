// SPDX-License-Identifier: Apache-2.0
/**
 * The face that shows the host as files: joins the tree (package {@code tree}) and the kernel's protocol (package {@code wire}).
 *
 * <p>Contract. <b>Freshness</b>: what a reader opens is what the tree says then; what the kernel keeps of attributes and entries
 * it is told to forget as soon as they change, and keeps for a few seconds at most if it could not be told. <b>Consistency</b>: an
 * open file shows one state of its content; reading it from its beginning takes the state of that moment. <b>Bounded</b>: open
 * files, the bytes that they hold and changes that wait to be told are limited. <b>Threads</b>: all work happens on threads of
 * this package; a tree is never called on an event loop.
 */
@NullMarked
package org.opdbus.verticles.fuse;

import org.jspecify.annotations.NullMarked;
