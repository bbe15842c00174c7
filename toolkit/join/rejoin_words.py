"""Draws three short words that bring a participant back on another phone."""

from __future__ import annotations

_LIST = """
    acorn amber anchor anvil apple apron arch arrow aspen autumn badge bagel bamboo banjo barley barn basil basket
    beach beacon beaver bell berry birch biscuit blanket blossom boat bonnet book bottle branch bread breeze brick
    bridge brook broom bucket buckle butter button cabin cactus camel candle canoe canvas canyon carpet carrot castle
    cedar cello chalk cherry chimney cider cinema circle clay cliff clock cloud clover coast cobalt coconut comet
    compass copper coral cotton cradle crane crayon cream creek cricket crystal cup curtain cushion daisy dawn desert
    desk dinner dolphin donkey door dragon drum eagle easel echo elbow elm ember engine falcon fable feather fern
    ferry fiddle field finch fir flag flame flute forest fossil fountain fox frost garden garlic gate geyser ginger
    glacier globe glove goat grape grass gravel guitar hammer hammock harbor harp harvest hat hazel hedge heron hill
    honey horizon horn house iceberg igloo indigo ink iris island ivory ivy jacket jade jasmine jelly jewel jigsaw
    jungle juniper kayak kettle kitchen kite kitten koala ladder lagoon lake lamp lantern lark laurel lava lemon
    letter lilac lily linen lion lizard llama lobster locket lotus lunch magnet mango maple marble market meadow
    melody melon meteor mill mint mirror mitten moon mosaic moss mountain muffin museum mustard napkin nectar needle
    nest north notebook nutmeg oak oasis oatmeal ocean octopus olive onion opal orange orbit orchard orchid otter oven
    owl oyster paddle palace palm pancake panda panther paper parade parcel park parrot parsley pasta peach peacock
    peanut pearl pebble pelican pencil penguin pepper piano picnic pigeon pillow pine planet plum pocket polar pond
    poppy porch potato prairie puddle pumpkin puzzle quail quartz quilt rabbit radio radish rain raisin ranch raven
    reef ribbon rice river robin rocket rose ruby saddle saffron sail salad salmon sand sapphire satin scarf school
    scooter season shadow shell shore silver sketch sky sled slipper snow soap sofa soup spark sparrow spice spinach
    spoon spring spruce squash stable star stone storm story straw stream summer sun swan sweater table teapot temple
    tent thimble thunder tiger timber toast tomato torch tower trail train tree trumpet tulip tunnel turtle umbrella
    valley vanilla velvet village vine violet violin wagon walnut walrus water wave whale wheat wheel willow window
    winter wood wool yarn yellow zebra zipper
"""
WORDS = tuple(_LIST.split())
