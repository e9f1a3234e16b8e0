"""Messages of the right form with parts of the wrong kind."""

from wit_world.imports import peer
import itertools
for part in itertools.cycle([b'["ok",["o",null,["k",{}],null],[],[]]', b'["ok",["k",1,[1,2,3,4],[],{}],[],[]]', b'["raise",7,[],[]]', b'["ok",["n","os","system"],[],[]]', b'["ok",["l","x",[1]],[],[]]', b'["call",[[],[],{}],[],[]]', b'["ok",["t",{"a":1}],[[1,[2]]],[]]']):
    peer.exchange(part)
