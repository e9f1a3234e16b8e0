class Fixtures:
    def add_conftests(self,f): pass
    def add_module(self,m): pass
    def enter_unittest(self,i,m): return lambda: ()
    def end_class(self): return []
    end_module=end_session=end_class
