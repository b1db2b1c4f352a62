/** The hub's own library, loaded when it is first needed: the thread of the downloads comes through the door of this room, too, and asks for
 *  bytes alone. */
import type * as Library from '@huggingface/hub'

export const hubLibrary = (): Promise<typeof Library> => import('@huggingface/hub')
