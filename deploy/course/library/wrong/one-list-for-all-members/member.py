# expect: failed: MemberTest.test_every_member_has_a_list_of_their_own
class Member:
    books = []

    def __init__(self, name):
        self.name = name
