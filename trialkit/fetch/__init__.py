"""From a question to a folder of raw pages with its receipt: the room with a network.

`question` makes the register's parameters of what is asked, `client` asks one address
after the other, `pages` walks through an answer, and `folder` keeps what came.
"""
